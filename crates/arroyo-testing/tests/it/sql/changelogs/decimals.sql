INSERT INTO changes
SELECT sensor, sum(level) AS s, min(level) AS low, max(level) AS top FROM sensors GROUP BY sensor;
