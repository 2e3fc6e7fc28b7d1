--- use tables.sql
INSERT INTO changes
SELECT count(*) AS n, sum(double_amount) AS total, avg(amount) AS mean, max(placed) AS last FROM orders;

--- expect changes
{"n":21,"total":540,"mean":16.875,"last":"2024-01-01T00:00:25"}
