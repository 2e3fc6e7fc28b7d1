INSERT INTO changes
SELECT hop(INTERVAL '4 seconds', INTERVAL '10 seconds') AS window, count(*) AS n FROM (SELECT channel, max(price) AS price FROM bids GROUP BY channel, at) AS v GROUP BY 1;
