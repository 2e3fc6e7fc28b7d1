--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '4 seconds') AS window, count(*) AS n, min(price) AS least FROM (SELECT auction, price, at FROM (SELECT auction, price, at, row_number() OVER (PARTITION BY auction ORDER BY price DESC, id) AS place FROM bids) AS r WHERE place <= 4) AS t GROUP BY 1;

--- expect changes
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:42.400"},"n":4,"least":70}
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:06.500"},"n":3,"least":72}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:22"},"n":1,"least":73}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:01:00.700"},"n":2,"least":85}
{"window":{"start":"2024-01-01T00:00:07.400","end":"2024-01-01T00:00:13.500"},"n":2,"least":95}
