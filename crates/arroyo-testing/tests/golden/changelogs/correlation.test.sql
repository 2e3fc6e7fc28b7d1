--- use tables.sql
INSERT INTO changes
SELECT ok, round(corr(celsius, CAST(level AS DOUBLE)), 6) AS c, round(regr_slope(celsius, CAST(level AS DOUBLE)), 6) AS s FROM sensors GROUP BY ok;

--- expect changes
{"ok":false,"c":-0.025402,"s":-0.030614}
{"ok":true,"c":0.415288,"s":0.746796}
