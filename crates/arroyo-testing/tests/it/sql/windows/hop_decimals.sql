INSERT INTO out
SELECT hop(INTERVAL '5 seconds', INTERVAL '30 seconds') AS window, sum(level) AS level, count(*) AS n FROM sensors GROUP BY 1;
