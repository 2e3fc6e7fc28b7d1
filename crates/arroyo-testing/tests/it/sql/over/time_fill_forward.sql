INSERT INTO out
SELECT sensor, at, celsius, last_value(celsius) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) AS known FROM sensors;
