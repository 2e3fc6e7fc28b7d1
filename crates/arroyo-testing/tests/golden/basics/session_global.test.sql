--- use ../tables.sql
INSERT INTO out
SELECT session(INTERVAL '4 seconds') AS window, count(*) AS n, min(id) AS first FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:22.600"},"n":20,"first":0}
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:45.100"},"n":11,"first":20}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:01:09.300"},"n":9,"first":31}
