--- use tables.sql
INSERT INTO out
SELECT 1 AS one FROM bids LIMIT 7;

--- expect out
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
{"one":1}
