INSERT INTO out
SELECT hop(INTERVAL '4 seconds', INTERVAL '16 seconds') AS window, sum(price) FILTER (WHERE price > 50) AS high, count(*) FILTER (WHERE channel = 'tv') AS tv FROM bids GROUP BY 1;
