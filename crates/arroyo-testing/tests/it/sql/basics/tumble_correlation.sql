INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, round(corr(celsius, CAST(level AS DOUBLE)), 6) AS c, round(regr_slope(celsius, CAST(level AS DOUBLE)), 6) AS slope FROM sensors GROUP BY 1;
