--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, sum(n) AS n FROM (SELECT auction, count(*) AS n FROM bids GROUP BY cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds'), auction) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"n":20}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"n":20}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":10}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"n":11}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"n":16}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"n":4}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"n":4}
