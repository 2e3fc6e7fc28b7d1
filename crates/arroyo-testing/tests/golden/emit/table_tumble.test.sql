--- use tables.sql
INSERT INTO changes
SELECT window_start, window_end, visitor, count(*) AS n FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(at), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, visitor EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 day';

--- expect changes
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:01:20","window_end":"2024-01-01T00:01:30","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:01:40","window_end":"2024-01-01T00:01:50","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:30","window_end":"2024-01-01T00:01:40","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:10","window_end":"2024-01-01T00:01:20","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:20","window_end":"2024-01-01T00:01:30","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:50","window_end":"2024-01-01T00:02:00","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:10","window_end":"2024-01-01T00:01:20","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:20","window_end":"2024-01-01T00:01:30","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:40","window_end":"2024-01-01T00:01:50","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","visitor":"ann","n":2}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","visitor":"bob","n":2}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:30","visitor":"bob","n":2}
{"window_start":"2024-01-01T00:01:10","window_end":"2024-01-01T00:01:20","visitor":"bob","n":2}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:01:30","window_end":"2024-01-01T00:01:40","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:01:40","window_end":"2024-01-01T00:01:50","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:30","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:01:30","window_end":"2024-01-01T00:01:40","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:30","visitor":"cid","n":3}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","visitor":"cid","n":3}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","visitor":"bob","n":5}
