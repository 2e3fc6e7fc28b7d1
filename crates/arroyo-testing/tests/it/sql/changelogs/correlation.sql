INSERT INTO changes
SELECT ok, round(corr(celsius, CAST(level AS DOUBLE)), 6) AS c, round(regr_slope(celsius, CAST(level AS DOUBLE)), 6) AS s FROM sensors GROUP BY ok;
