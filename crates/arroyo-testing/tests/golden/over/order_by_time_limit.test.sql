--- use tables.sql
INSERT INTO out
SELECT id, at FROM bids ORDER BY at, id LIMIT 5 OFFSET 2;

--- expect out ordered
{"id":2,"at":"2024-01-01T00:00:02.100"}
{"id":7,"at":"2024-01-01T00:00:02.200"}
{"id":3,"at":"2024-01-01T00:00:02.400"}
{"id":4,"at":"2024-01-01T00:00:02.500"}
{"id":5,"at":"2024-01-01T00:00:02.600"}
