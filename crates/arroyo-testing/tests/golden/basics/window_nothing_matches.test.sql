--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(*) AS n FROM bids WHERE price > 1000 GROUP BY 1;

--- expect out
