--- use tables.sql
INSERT INTO changes
SELECT channel, min(at) AS first, max(at) AS last FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","first":"2024-01-01T00:00:02.400","last":"2024-01-01T00:01:04.500"}
{"channel":"tv","first":"2024-01-01T00:00:02.200","last":"2024-01-01T00:01:05.300"}
{"channel":"web","first":"2024-01-01T00:00:01.700","last":"2024-01-01T00:00:56.700"}
{"channel":null,"first":"2024-01-01T00:00:03.500","last":"2024-01-01T00:01:01.300"}
