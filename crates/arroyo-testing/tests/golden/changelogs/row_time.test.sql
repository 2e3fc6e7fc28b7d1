--- use tables.sql
INSERT INTO changes
SELECT channel, max(row_time()) AS last FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","last":"2024-01-01T00:01:04.500"}
{"channel":"tv","last":"2024-01-01T00:01:05.300"}
{"channel":"web","last":"2024-01-01T00:00:56.700"}
{"channel":null,"last":"2024-01-01T00:01:01.300"}
