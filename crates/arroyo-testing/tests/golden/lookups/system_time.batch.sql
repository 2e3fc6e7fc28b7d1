SELECT o.id, o.customer, c.city FROM orders o LEFT JOIN customers c ON o.customer = c.name;
