--- use tables.sql
INSERT INTO changes
SELECT round(sum(c), 6) AS s, round(avg(c), 6) AS a, round(stddev(c), 6) AS d FROM (SELECT sensor, max(celsius) AS c FROM sensors GROUP BY sensor) AS v;

--- expect changes
{"s":107.54,"a":26.885,"d":2.84152}
