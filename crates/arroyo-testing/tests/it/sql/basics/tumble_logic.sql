INSERT INTO out
SELECT tumble(INTERVAL '30 seconds') AS window, bool_and(ok) AS every, bool_or(ok) AS any, bit_xor(CAST(level AS BIGINT)) AS x FROM sensors GROUP BY 1;
