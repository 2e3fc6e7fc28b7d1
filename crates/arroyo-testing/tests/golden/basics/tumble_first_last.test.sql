--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, first_value(id ORDER BY at, id) AS first, last_value(id ORDER BY at, id) AS last FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"first":0,"last":19}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"first":21,"last":30}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"first":29,"last":35}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"first":36,"last":38}
