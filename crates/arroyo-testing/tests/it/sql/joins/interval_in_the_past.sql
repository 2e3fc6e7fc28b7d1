INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.customer = p.payer AND p.at >= o.at - INTERVAL '9 seconds' AND p.at <= o.at - INTERVAL '3 seconds';
