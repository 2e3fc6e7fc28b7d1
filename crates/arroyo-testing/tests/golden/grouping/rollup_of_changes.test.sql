--- use ../tables.sql
INSERT INTO changes
SELECT most, count(*) AS n FROM (SELECT bidder, max(price) / 20 AS most FROM bids GROUP BY bidder) AS v GROUP BY ROLLUP (most);

--- expect changes
{"most":4,"n":4}
{"most":null,"n":4}
