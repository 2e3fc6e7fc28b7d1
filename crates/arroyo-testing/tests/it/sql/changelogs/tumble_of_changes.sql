INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(price) AS s FROM (SELECT channel, max(price) AS price FROM bids GROUP BY channel, at) AS v GROUP BY 1;
