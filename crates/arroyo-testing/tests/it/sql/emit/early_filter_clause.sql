INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) FILTER (WHERE price > 50) AS dear, sum(DISTINCT price) AS total, stddev(price) AS spread FROM bids
GROUP BY 1 EMIT EVERY INTERVAL '2 milliseconds';
