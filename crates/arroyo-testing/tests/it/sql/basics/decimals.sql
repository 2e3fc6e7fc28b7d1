INSERT INTO out
SELECT sensor, level * 2 AS twice, level + 0.01 AS more FROM sensors;
