--- use tables.sql
INSERT INTO changes
SELECT window_start, window_end, visitor, count(*) AS n FROM TABLE(SESSION(TABLE visits PARTITION BY visitor, DESCRIPTOR(at), INTERVAL '3' SECOND)) GROUP BY window_start, window_end, visitor ALLOW LATENESS INTERVAL '1 hour';

--- expect changes
{"window_start":"2024-01-01T00:00:41.800","window_end":"2024-01-01T00:00:44.800","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:00:52.500","window_end":"2024-01-01T00:00:55.500","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:01:21","window_end":"2024-01-01T00:01:24","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:01:45","window_end":"2024-01-01T00:01:48","visitor":"ann","n":1}
{"window_start":"2024-01-01T00:00:07","window_end":"2024-01-01T00:00:10","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:12","window_end":"2024-01-01T00:00:15","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:16","window_end":"2024-01-01T00:00:19","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:23.500","window_end":"2024-01-01T00:00:26.500","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:27.800","window_end":"2024-01-01T00:00:30.800","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:48","window_end":"2024-01-01T00:00:51","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:00:58","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:01","window_end":"2024-01-01T00:01:04","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:11","window_end":"2024-01-01T00:01:14","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:17","window_end":"2024-01-01T00:01:20","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:01:30","window_end":"2024-01-01T00:01:33","visitor":"bob","n":1}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:03","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:00:13","window_end":"2024-01-01T00:00:16","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:00:49.500","window_end":"2024-01-01T00:00:52.500","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:15","window_end":"2024-01-01T00:01:18","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:23","window_end":"2024-01-01T00:01:26","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:01:50","window_end":"2024-01-01T00:01:53","visitor":"cid","n":1}
{"window_start":"2024-01-01T00:00:03","window_end":"2024-01-01T00:00:06","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:13","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:17","window_end":"2024-01-01T00:00:20","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:23","window_end":"2024-01-01T00:00:26","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:29","window_end":"2024-01-01T00:00:32","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:45.800","window_end":"2024-01-01T00:00:48.800","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:49.800","window_end":"2024-01-01T00:00:52.800","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:06","window_end":"2024-01-01T00:01:09","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:18","window_end":"2024-01-01T00:01:21","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:23","window_end":"2024-01-01T00:01:26","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:33","window_end":"2024-01-01T00:01:36","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:37","window_end":"2024-01-01T00:01:40","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:01:43","window_end":"2024-01-01T00:01:46","visitor":"dee","n":1}
{"window_start":"2024-01-01T00:00:33.500","window_end":"2024-01-01T00:00:38.500","visitor":"ann","n":2}
{"window_start":"2024-01-01T00:00:31.500","window_end":"2024-01-01T00:00:36","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:44","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:01:07","window_end":"2024-01-01T00:01:11","visitor":"cid","n":2}
{"window_start":"2024-01-01T00:00:58","window_end":"2024-01-01T00:01:02.500","visitor":"dee","n":2}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:06","visitor":"bob","n":4}
{"window_start":"2024-01-01T00:00:19","window_end":"2024-01-01T00:00:26.800","visitor":"cid","n":4}
{"window_start":"2024-01-01T00:01:36","window_end":"2024-01-01T00:01:44.500","visitor":"cid","n":4}
