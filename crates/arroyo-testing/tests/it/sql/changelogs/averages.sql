INSERT INTO changes
SELECT sensor, avg(level) AS level, avg(celsius) AS celsius FROM sensors GROUP BY sensor;
