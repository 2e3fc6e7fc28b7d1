INSERT INTO out
SELECT sensor, at, sum(level) OVER (PARTITION BY sensor ORDER BY at ROWS 3 PRECEDING) AS levels, stddev(level) OVER (PARTITION BY sensor ORDER BY at) AS spread FROM sensors;
