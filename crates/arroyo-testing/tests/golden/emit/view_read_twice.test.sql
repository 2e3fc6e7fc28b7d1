--- use tables.sql
CREATE VIEW v AS SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2
EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour';
INSERT INTO changes SELECT window.start AS start, visitor, n FROM v WHERE n > 1 UNION ALL SELECT window.end, 'all', sum(n)::BIGINT FROM v GROUP BY window;

--- expect changes
{"start":"2024-01-01T00:02:00","visitor":"all","n":1}
{"start":"2024-01-01T00:00:10","visitor":"bob","n":2}
{"start":"2024-01-01T00:00:10","visitor":"cid","n":2}
{"start":"2024-01-01T00:00:10","visitor":"dee","n":2}
{"start":"2024-01-01T00:00:20","visitor":"bob","n":2}
{"start":"2024-01-01T00:00:20","visitor":"dee","n":2}
{"start":"2024-01-01T00:00:30","visitor":"ann","n":2}
{"start":"2024-01-01T00:00:30","visitor":"cid","n":2}
{"start":"2024-01-01T00:00:40","visitor":"dee","n":2}
{"start":"2024-01-01T00:00:50","visitor":"dee","n":2}
{"start":"2024-01-01T00:01:00","visitor":"cid","n":2}
{"start":"2024-01-01T00:01:10","visitor":"bob","n":2}
{"start":"2024-01-01T00:01:30","visitor":"cid","n":2}
{"start":"2024-01-01T00:01:30","visitor":"dee","n":2}
{"start":"2024-01-01T00:01:40","visitor":"cid","n":2}
{"start":"2024-01-01T00:00:20","visitor":"cid","n":3}
{"start":"2024-01-01T00:00:40","visitor":"cid","n":3}
{"start":"2024-01-01T00:01:30","visitor":"all","n":3}
{"start":"2024-01-01T00:00:40","visitor":"all","n":4}
{"start":"2024-01-01T00:01:00","visitor":"all","n":4}
{"start":"2024-01-01T00:01:10","visitor":"all","n":4}
{"start":"2024-01-01T00:01:20","visitor":"all","n":4}
{"start":"2024-01-01T00:01:50","visitor":"all","n":4}
{"start":"2024-01-01T00:00:00","visitor":"bob","n":5}
{"start":"2024-01-01T00:01:40","visitor":"all","n":5}
{"start":"2024-01-01T00:00:20","visitor":"all","n":6}
{"start":"2024-01-01T00:00:10","visitor":"all","n":7}
{"start":"2024-01-01T00:00:30","visitor":"all","n":7}
{"start":"2024-01-01T00:00:50","visitor":"all","n":7}
