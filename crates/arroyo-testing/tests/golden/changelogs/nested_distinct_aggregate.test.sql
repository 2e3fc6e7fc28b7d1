--- use tables.sql
INSERT INTO changes
SELECT channel, count(DISTINCT n) AS kinds, sum(DISTINCT n) AS s FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;

--- expect changes
{"channel":"app","kinds":3,"s":15}
{"channel":"tv","kinds":2,"s":7}
{"channel":"web","kinds":3,"s":9}
{"channel":null,"kinds":2,"s":4}
