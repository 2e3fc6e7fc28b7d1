--- use tables.sql
INSERT INTO changes
SELECT sensor, avg(level) AS level, avg(celsius) AS celsius FROM sensors GROUP BY sensor;

--- expect changes
{"sensor":"s2","level":-2.761818,"celsius":12.04375}
{"sensor":"s3","level":1.763750,"celsius":17.123333333333335}
{"sensor":"s4","level":-2.348000,"celsius":17.573333333333334}
{"sensor":"s1","level":1.091428,"celsius":24.354999999999997}
