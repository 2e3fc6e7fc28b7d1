--- use tables.sql
INSERT INTO changes
SELECT DISTINCT n FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v;

--- expect changes
{"n":1}
{"n":2}
{"n":3}
{"n":4}
{"n":5}
{"n":8}
