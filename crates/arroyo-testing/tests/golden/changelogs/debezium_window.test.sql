--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"n":6,"total":90}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":7,"total":100}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":8,"total":80}
