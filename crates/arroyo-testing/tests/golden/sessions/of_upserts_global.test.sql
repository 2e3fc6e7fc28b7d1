--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '5 seconds') AS window, count(*) AS n, max(amount) AS most FROM orders GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"n":21,"most":35}
