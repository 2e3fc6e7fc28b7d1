INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, what, sum(n) AS n FROM (SELECT 'bids' AS what, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds') UNION ALL SELECT 'sensors', count(*) FROM sensors GROUP BY tumble(INTERVAL '20 seconds')) GROUP BY 1, 2;
