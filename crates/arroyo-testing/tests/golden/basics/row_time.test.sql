--- use ../tables.sql
INSERT INTO out
SELECT id, row_time() AS event_time FROM bids WHERE id < 8;

--- expect out
{"id":0,"event_time":"2024-01-01T00:00:01.700"}
{"id":1,"event_time":"2024-01-01T00:00:01.800"}
{"id":2,"event_time":"2024-01-01T00:00:02.100"}
{"id":3,"event_time":"2024-01-01T00:00:02.400"}
{"id":4,"event_time":"2024-01-01T00:00:02.500"}
{"id":5,"event_time":"2024-01-01T00:00:02.600"}
{"id":6,"event_time":"2024-01-01T00:00:03.500"}
{"id":7,"event_time":"2024-01-01T00:00:02.200"}
