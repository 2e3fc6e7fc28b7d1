--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, round(corr(celsius, CAST(level AS DOUBLE)), 6) AS c, round(regr_slope(celsius, CAST(level AS DOUBLE)), 6) AS slope FROM sensors GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"c":0.140493,"slope":0.306176}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"c":0.410447,"slope":0.537387}
