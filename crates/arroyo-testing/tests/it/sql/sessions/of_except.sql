INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, count(*) AS n FROM (SELECT bidder, max(price) AS price FROM bids GROUP BY bidder, at HAVING count(*) > 0) AS v GROUP BY 1;
