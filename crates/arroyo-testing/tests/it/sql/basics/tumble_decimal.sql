INSERT INTO out
SELECT tumble(INTERVAL '30 seconds') AS window, sensor, sum(level) AS s, avg(level) AS a FROM sensors GROUP BY 1, 2;
