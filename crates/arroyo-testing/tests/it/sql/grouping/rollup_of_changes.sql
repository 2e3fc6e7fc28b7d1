INSERT INTO changes
SELECT most, count(*) AS n FROM (SELECT bidder, max(price) / 20 AS most FROM bids GROUP BY bidder) AS v GROUP BY ROLLUP (most);
