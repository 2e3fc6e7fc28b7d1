--- use tables.sql
INSERT INTO changes
SELECT ok, sum(s) AS s, avg(s) AS a FROM (SELECT sensor, ok, sum(level) AS s FROM sensors GROUP BY sensor, ok) AS v GROUP BY ok;

--- expect changes
{"ok":false,"s":-34.53,"a":-8.632500}
{"ok":true,"s":2.42,"a":0.605000}
