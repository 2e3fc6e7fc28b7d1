WITH more AS (SELECT o.id FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.payer <> o.customer AND p.amount > o.amount GROUP BY o.id HAVING count(*) > 5),
most AS (SELECT o.id, max(p.amount) AS amount FROM (SELECT DISTINCT * FROM orders) o JOIN payments p ON p.amount <= o.amount GROUP BY o.id)
SELECT o.id, o.customer FROM orders o JOIN more ON more.id = o.id JOIN most ON most.id = o.id AND most.amount = o.amount;
