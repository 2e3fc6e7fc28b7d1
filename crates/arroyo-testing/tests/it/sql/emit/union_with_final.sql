INSERT INTO changes
SELECT 'early' AS kind, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds') EMIT EVERY INTERVAL '2 milliseconds'
UNION ALL SELECT 'once', count(*) FROM bids GROUP BY tumble(INTERVAL '10 seconds');
