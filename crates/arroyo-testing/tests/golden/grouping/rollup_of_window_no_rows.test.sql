--- use ../tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids WHERE id < 0 GROUP BY ROLLUP (tumble(INTERVAL '10 seconds'), channel);

--- expect changes
{"window":null,"channel":null,"n":0}
