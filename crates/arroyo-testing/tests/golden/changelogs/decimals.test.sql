--- use tables.sql
INSERT INTO changes
SELECT sensor, sum(level) AS s, min(level) AS low, max(level) AS top FROM sensors GROUP BY sensor;

--- expect changes
{"sensor":"s1","s":7.64,"low":-6.13,"top":6.80}
{"sensor":"s3","s":14.11,"low":-7.52,"top":9.79}
{"sensor":"s2","s":-30.38,"low":-9.35,"top":9.89}
{"sensor":"s4","s":-23.48,"low":-9.65,"top":9.18}
