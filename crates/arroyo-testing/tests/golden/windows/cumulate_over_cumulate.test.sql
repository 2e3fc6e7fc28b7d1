--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, max(n) AS busiest FROM (SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS w, auction, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"busiest":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"busiest":9}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"busiest":9}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"busiest":4}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:50"},"busiest":5}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"busiest":8}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"busiest":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"busiest":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"busiest":2}
