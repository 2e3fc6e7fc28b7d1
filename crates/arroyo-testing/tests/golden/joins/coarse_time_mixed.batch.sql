SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.customer = p.payer AND p.at >= o.at - INTERVAL '500 milliseconds' AND p.at < o.at + INTERVAL '1 second';
