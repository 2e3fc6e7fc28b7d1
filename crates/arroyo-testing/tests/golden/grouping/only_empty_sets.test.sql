--- use ../tables.sql
INSERT INTO changes
SELECT count(*) AS n, max(price) AS most FROM bids GROUP BY GROUPING SETS ((), ());

--- expect changes
{"n":40,"most":98}
{"n":40,"most":98}
