INSERT INTO changes
SELECT tags, count(*) AS n FROM bids GROUP BY tags;
