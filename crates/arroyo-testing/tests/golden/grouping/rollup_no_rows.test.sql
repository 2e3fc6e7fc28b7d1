--- use ../tables.sql
INSERT INTO changes
SELECT channel, count(*) AS n, sum(price) AS total FROM bids WHERE id < 0 GROUP BY ROLLUP (channel);

--- expect changes
{"channel":null,"n":0,"total":null}
