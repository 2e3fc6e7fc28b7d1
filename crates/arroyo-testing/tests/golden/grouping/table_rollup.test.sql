--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, channel, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, ROLLUP (channel);

--- expect out
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","channel":"app","n":1}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","channel":"app","n":2}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","channel":"app","n":3}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","channel":"app","n":3}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","channel":"app","n":3}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","channel":"app","n":3}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","channel":"tv","n":1}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","channel":"tv","n":2}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","channel":"tv","n":3}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","channel":"tv","n":5}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","channel":"web","n":1}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","channel":"web","n":2}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","channel":"web","n":3}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","channel":"web","n":3}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","channel":null,"n":1}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","channel":null,"n":1}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:50","channel":null,"n":1}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","channel":null,"n":1}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:40","channel":null,"n":10}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","channel":null,"n":13}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:10","channel":null,"n":2}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:10","channel":null,"n":4}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:00","channel":null,"n":5}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:20","channel":null,"n":7}
