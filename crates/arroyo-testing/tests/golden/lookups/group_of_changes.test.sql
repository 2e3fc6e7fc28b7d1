--- use tables.sql
INSERT INTO changes
SELECT i.label, count(*) AS customers
FROM (SELECT customer, max(item) AS last FROM orders GROUP BY customer) t LEFT JOIN items i ON t.last = i.item AND i.weight < 1 GROUP BY i.label;

--- expect changes
{"label":"Cup of tea","customers":1}
{"label":"Hat","customers":2}
{"label":null,"customers":2}
