--- use tables.sql
INSERT INTO changes
SELECT n, count(*) AS groups FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY n;

--- expect changes
{"n":5,"groups":1}
{"n":8,"groups":1}
{"n":1,"groups":2}
{"n":2,"groups":2}
{"n":3,"groups":3}
{"n":4,"groups":3}
