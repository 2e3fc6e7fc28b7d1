--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '30 seconds') AS window, bool_and(ok) AS every, bool_or(ok) AS any, bit_xor(CAST(level AS BIGINT)) AS x FROM sensors GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:30"},"every":false,"any":true,"x":-11}
{"window":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:01:00"},"every":false,"any":true,"x":12}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:30"},"every":false,"any":true,"x":4}
{"window":{"start":"2024-01-01T00:01:30","end":"2024-01-01T00:02:00"},"every":false,"any":true,"x":3}
