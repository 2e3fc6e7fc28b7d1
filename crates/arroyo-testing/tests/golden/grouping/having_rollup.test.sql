--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (channel) HAVING count(*) > 2 AND grouping(channel) = 0;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"tv","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"web","n":3}
