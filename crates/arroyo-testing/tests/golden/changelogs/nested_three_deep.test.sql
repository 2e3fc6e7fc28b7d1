--- use tables.sql
INSERT INTO changes
SELECT max(groups) AS most FROM (SELECT n, count(*) AS groups FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY n) AS w;

--- expect changes
{"most":3}
