--- use ../tables.sql
INSERT INTO changes
SELECT count(*) AS n FROM bids WHERE id < 0 GROUP BY ();

--- expect changes
{"n":0}
