--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n, max(price) AS most FROM bids GROUP BY 1 EMIT EVERY INTERVAL '1 hour';

--- expect changes
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:00:50"},"n":1,"most":56}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:10"},"n":4,"most":57}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":7,"most":73}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":10,"most":96}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":13,"most":98}
{"window":{"start":"2024-01-01T00:00:50","end":"2024-01-01T00:01:00"},"n":5,"most":98}
