--- use tables.sql
INSERT INTO changes
SELECT channel, count(*) AS n FROM bids WHERE price > 100000 GROUP BY channel;

--- expect changes
