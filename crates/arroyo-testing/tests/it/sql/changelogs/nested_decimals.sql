INSERT INTO changes
SELECT ok, sum(s) AS s, avg(s) AS a FROM (SELECT sensor, ok, sum(level) AS s FROM sensors GROUP BY sensor, ok) AS v GROUP BY ok;
