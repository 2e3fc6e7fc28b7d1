--- use tables.sql
INSERT INTO out
SELECT 1 AS one FROM bids WHERE id < 10 OFFSET 3;

--- expect out
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
