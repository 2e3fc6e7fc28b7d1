--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '20 seconds', INTERVAL '1 minute') AS window, max(n) AS n FROM (SELECT auction, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), auction) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:40"},"n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"n":5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:40"},"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"n":2}
