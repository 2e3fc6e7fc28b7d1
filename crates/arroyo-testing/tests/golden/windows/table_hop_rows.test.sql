--- use ../tables.sql
INSERT INTO out
SELECT id, window_start, window_end FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '7' SECOND, INTERVAL '15' SECOND)) WHERE auction = 2;

--- expect out
{"id":11,"window_start":"2023-12-31T23:59:57","window_end":"2024-01-01T00:00:12"}
{"id":11,"window_start":"2024-01-01T00:00:04","window_end":"2024-01-01T00:00:19"}
{"id":12,"window_start":"2023-12-31T23:59:57","window_end":"2024-01-01T00:00:12"}
{"id":12,"window_start":"2024-01-01T00:00:04","window_end":"2024-01-01T00:00:19"}
{"id":19,"window_start":"2024-01-01T00:00:04","window_end":"2024-01-01T00:00:19"}
{"id":19,"window_start":"2024-01-01T00:00:11","window_end":"2024-01-01T00:00:26"}
{"id":19,"window_start":"2024-01-01T00:00:18","window_end":"2024-01-01T00:00:33"}
{"id":24,"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40"}
{"id":24,"window_start":"2024-01-01T00:00:32","window_end":"2024-01-01T00:00:47"}
{"id":27,"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40"}
{"id":27,"window_start":"2024-01-01T00:00:32","window_end":"2024-01-01T00:00:47"}
{"id":28,"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40"}
{"id":28,"window_start":"2024-01-01T00:00:32","window_end":"2024-01-01T00:00:47"}
{"id":34,"window_start":"2024-01-01T00:00:46","window_end":"2024-01-01T00:01:01"}
{"id":34,"window_start":"2024-01-01T00:00:53","window_end":"2024-01-01T00:01:08"}
{"id":39,"window_start":"2024-01-01T00:00:53","window_end":"2024-01-01T00:01:08"}
{"id":39,"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15"}
{"id":5,"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:05"}
{"id":5,"window_start":"2023-12-31T23:59:57","window_end":"2024-01-01T00:00:12"}
