--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), GROUPING SETS ((channel), (channel), ());

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"app","n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"app","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"tv","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":"tv","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"tv","n":2}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"tv","n":2}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"tv","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"tv","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","n":5}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"tv","n":5}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"web","n":2}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":"web","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"channel":null,"n":10}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"n":13}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"channel":null,"n":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"channel":null,"n":4}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"channel":null,"n":5}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"channel":null,"n":7}
