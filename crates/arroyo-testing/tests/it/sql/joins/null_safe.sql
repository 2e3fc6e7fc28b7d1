INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o JOIN payments p ON (o.customer IS NOT DISTINCT FROM p.payer) AND (o.amount IS NOT DISTINCT FROM p.amount);
