INSERT INTO changes
SELECT bidder, count(*) AS n FROM bids GROUP BY bidder HAVING count(*) % 2 = 0;
