INSERT INTO changes
SELECT item, count(*) AS n FROM bids GROUP BY item;
