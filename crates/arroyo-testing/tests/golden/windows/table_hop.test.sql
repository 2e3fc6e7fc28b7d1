--- use ../tables.sql
INSERT INTO out
SELECT window_start, window_end, auction, sum(price) AS total FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end, auction;

--- expect out
{"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:05","auction":1,"total":227}
{"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:05","auction":2,"total":41}
{"window_start":"2023-12-31T23:59:50","window_end":"2024-01-01T00:00:05","auction":3,"total":19}
{"window_start":"2023-12-31T23:59:55","window_end":"2024-01-01T00:00:10","auction":1,"total":262}
{"window_start":"2023-12-31T23:59:55","window_end":"2024-01-01T00:00:10","auction":2,"total":154}
{"window_start":"2023-12-31T23:59:55","window_end":"2024-01-01T00:00:10","auction":3,"total":120}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:15","auction":1,"total":309}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:15","auction":2,"total":154}
{"window_start":"2024-01-01T00:00:00","window_end":"2024-01-01T00:00:15","auction":3,"total":179}
{"window_start":"2024-01-01T00:00:05","window_end":"2024-01-01T00:00:20","auction":1,"total":164}
{"window_start":"2024-01-01T00:00:05","window_end":"2024-01-01T00:00:20","auction":2,"total":175}
{"window_start":"2024-01-01T00:00:05","window_end":"2024-01-01T00:00:20","auction":3,"total":180}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:25","auction":1,"total":129}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:25","auction":2,"total":62}
{"window_start":"2024-01-01T00:00:10","window_end":"2024-01-01T00:00:25","auction":3,"total":79}
{"window_start":"2024-01-01T00:00:15","window_end":"2024-01-01T00:00:30","auction":1,"total":82}
{"window_start":"2024-01-01T00:00:15","window_end":"2024-01-01T00:00:30","auction":2,"total":62}
{"window_start":"2024-01-01T00:00:15","window_end":"2024-01-01T00:00:30","auction":3,"total":20}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:35","auction":1,"total":83}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:35","auction":2,"total":93}
{"window_start":"2024-01-01T00:00:20","window_end":"2024-01-01T00:00:35","auction":3,"total":62}
{"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40","auction":1,"total":144}
{"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40","auction":2,"total":268}
{"window_start":"2024-01-01T00:00:25","window_end":"2024-01-01T00:00:40","auction":3,"total":228}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:45","auction":1,"total":144}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:45","auction":2,"total":268}
{"window_start":"2024-01-01T00:00:30","window_end":"2024-01-01T00:00:45","auction":3,"total":284}
{"window_start":"2024-01-01T00:00:35","window_end":"2024-01-01T00:00:50","auction":1,"total":61}
{"window_start":"2024-01-01T00:00:35","window_end":"2024-01-01T00:00:50","auction":2,"total":175}
{"window_start":"2024-01-01T00:00:35","window_end":"2024-01-01T00:00:50","auction":3,"total":222}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:55","auction":1,"total":23}
{"window_start":"2024-01-01T00:00:40","window_end":"2024-01-01T00:00:55","auction":3,"total":141}
{"window_start":"2024-01-01T00:00:45","window_end":"2024-01-01T00:01:00","auction":1,"total":23}
{"window_start":"2024-01-01T00:00:45","window_end":"2024-01-01T00:01:00","auction":2,"total":98}
{"window_start":"2024-01-01T00:00:45","window_end":"2024-01-01T00:01:00","auction":3,"total":164}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:05","auction":1,"total":80}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:05","auction":2,"total":152}
{"window_start":"2024-01-01T00:00:50","window_end":"2024-01-01T00:01:05","auction":3,"total":180}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:01:10","auction":1,"total":57}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:01:10","auction":2,"total":152}
{"window_start":"2024-01-01T00:00:55","window_end":"2024-01-01T00:01:10","auction":3,"total":146}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15","auction":1,"total":57}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15","auction":2,"total":54}
{"window_start":"2024-01-01T00:01:00","window_end":"2024-01-01T00:01:15","auction":3,"total":67}
{"window_start":"2024-01-01T00:01:05","window_end":"2024-01-01T00:01:20","auction":3,"total":51}
