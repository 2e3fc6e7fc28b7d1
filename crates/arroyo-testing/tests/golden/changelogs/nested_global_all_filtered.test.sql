--- use tables.sql
INSERT INTO changes
SELECT count(*) AS groups, sum(total) AS total FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v WHERE n > 1000;

--- expect changes
{"groups":0,"total":null}
