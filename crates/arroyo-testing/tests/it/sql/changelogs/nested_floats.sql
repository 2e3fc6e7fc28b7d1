INSERT INTO changes
SELECT round(sum(c), 6) AS s, round(avg(c), 6) AS a, round(stddev(c), 6) AS d FROM (SELECT sensor, max(celsius) AS c FROM sensors GROUP BY sensor) AS v;
