INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, count(*) FILTER (WHERE channel = 'web') AS web, sum(price) FILTER (WHERE price > 50) AS dear FROM bids GROUP BY 1;
