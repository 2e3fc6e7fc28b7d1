SELECT o.id, o.customer, p.city FROM orders o LEFT JOIN people p ON o.customer = p.name
