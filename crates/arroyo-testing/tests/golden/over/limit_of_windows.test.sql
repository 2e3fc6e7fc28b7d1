--- use tables.sql
INSERT INTO out
SELECT 1 AS one FROM totals LIMIT 3;

--- expect out
{"one":1}
{"one":1}
{"one":1}
