--- use tables.sql
INSERT INTO changes
SELECT count(*) AS groups, max(n) AS top, sum(total) AS total FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v;

--- expect changes
{"groups":12,"top":8,"total":1965}
