SELECT o.id, p.id AS payment FROM orders o JOIN payments p ON o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second';
