INSERT INTO out
SELECT tumble(INTERVAL '30 seconds') AS window, count(*) AS n FROM (SELECT at FROM bids UNION ALL SELECT at FROM sensors) GROUP BY 1;
