--- use tables.sql
INSERT INTO changes
SELECT w.window.start AS start, channel, n FROM (SELECT tumble(INTERVAL '10 seconds') AS window, channel, count(*) AS n FROM bids GROUP BY window, channel
EMIT EVERY INTERVAL '2 milliseconds') AS w;

--- expect changes
{"start":"2024-01-01T00:00:40","channel":"app","n":1}
{"start":"2024-01-01T00:01:00","channel":"app","n":2}
{"start":"2024-01-01T00:00:00","channel":"app","n":3}
{"start":"2024-01-01T00:00:10","channel":"app","n":3}
{"start":"2024-01-01T00:00:30","channel":"app","n":3}
{"start":"2024-01-01T00:00:50","channel":"app","n":3}
{"start":"2024-01-01T00:01:00","channel":"tv","n":1}
{"start":"2024-01-01T00:00:10","channel":"tv","n":2}
{"start":"2024-01-01T00:00:30","channel":"tv","n":3}
{"start":"2024-01-01T00:00:00","channel":"tv","n":5}
{"start":"2024-01-01T00:00:10","channel":"web","n":1}
{"start":"2024-01-01T00:00:50","channel":"web","n":2}
{"start":"2024-01-01T00:00:00","channel":"web","n":3}
{"start":"2024-01-01T00:00:30","channel":"web","n":3}
{"start":"2024-01-01T00:00:10","channel":null,"n":1}
{"start":"2024-01-01T00:00:30","channel":null,"n":1}
{"start":"2024-01-01T00:01:00","channel":null,"n":1}
{"start":"2024-01-01T00:00:00","channel":null,"n":2}
