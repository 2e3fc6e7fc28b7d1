INSERT INTO changes
SELECT sensor, round(stddev(celsius), 6) AS sd, round(var_pop(celsius), 6) AS v FROM sensors GROUP BY sensor;
