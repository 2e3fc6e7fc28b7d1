--- use tables.sql
INSERT INTO changes
SELECT 1 AS one FROM (SELECT id FROM orders LIMIT 3) a;

--- expect changes
{"one":1}
{"one":1}
{"one":1}
