INSERT INTO changes
SELECT count(*) AS n, max(price) AS most FROM bids GROUP BY GROUPING SETS ((), ());
