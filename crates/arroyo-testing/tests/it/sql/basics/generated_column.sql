INSERT INTO out
SELECT sensor, round(fahrenheit, 2) AS f FROM sensors;
