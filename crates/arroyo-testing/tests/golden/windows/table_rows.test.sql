--- use ../tables.sql
INSERT INTO out
SELECT id, window_start, window_end, window_time FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) WHERE price > 60;

--- expect out
{"id":0,"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999"}
{"id":11,"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999"}
{"id":17,"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","window_time":"2024-01-01T00:00:19.999999999"}
{"id":19,"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","window_time":"2024-01-01T00:00:19.999999999"}
{"id":20,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":21,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":22,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":24,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":27,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":28,"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","window_time":"2024-01-01T00:00:39.999999999"}
{"id":3,"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999"}
{"id":31,"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","window_time":"2024-01-01T00:00:59.999999999"}
{"id":34,"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","window_time":"2024-01-01T00:00:59.999999999"}
{"id":35,"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","window_time":"2024-01-01T00:00:59.999999999"}
{"id":7,"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999"}
{"id":8,"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","window_time":"2024-01-01T00:00:09.999999999"}
