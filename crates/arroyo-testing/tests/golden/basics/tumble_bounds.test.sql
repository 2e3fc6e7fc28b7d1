--- use ../tables.sql
INSERT INTO out
SELECT window.start AS since, window.end AS until, n FROM (SELECT tumble(INTERVAL '15 seconds') AS window, count(*) AS n FROM bids GROUP BY 1);

--- expect out
{"since":"2024-01-01T00:00:00","until":"2024-01-01T00:00:15","n":16}
{"since":"2024-01-01T00:00:15","until":"2024-01-01T00:00:30","n":4}
{"since":"2024-01-01T00:00:30","until":"2024-01-01T00:00:45","n":11}
{"since":"2024-01-01T00:00:45","until":"2024-01-01T00:01:00","n":5}
{"since":"2024-01-01T00:01:00","until":"2024-01-01T00:01:15","n":4}
