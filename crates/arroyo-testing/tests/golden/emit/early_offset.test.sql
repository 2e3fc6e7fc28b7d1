--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds', INTERVAL '3 seconds') AS window, auction, sum(price) AS total FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '3 milliseconds';

--- expect changes
{"window":{"start":"2023-12-31T23:59:53","end":"2024-01-01T00:00:03"},"auction":1,"total":227}
{"window":{"start":"2024-01-01T00:00:33","end":"2024-01-01T00:00:43"},"auction":1,"total":61}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:03"},"auction":1,"total":80}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:13"},"auction":1,"total":82}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:23"},"auction":1,"total":82}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:33"},"auction":1,"total":83}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:13"},"auction":2,"total":113}
{"window":{"start":"2024-01-01T00:00:33","end":"2024-01-01T00:00:43"},"auction":2,"total":268}
{"window":{"start":"2023-12-31T23:59:53","end":"2024-01-01T00:00:03"},"auction":2,"total":41}
{"window":{"start":"2024-01-01T00:01:03","end":"2024-01-01T00:01:13"},"auction":2,"total":54}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:23"},"auction":2,"total":62}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:03"},"auction":2,"total":98}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:03"},"auction":3,"total":164}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:13"},"auction":3,"total":171}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:23"},"auction":3,"total":20}
{"window":{"start":"2024-01-01T00:00:33","end":"2024-01-01T00:00:43"},"auction":3,"total":222}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:33"},"auction":3,"total":62}
{"window":{"start":"2024-01-01T00:01:03","end":"2024-01-01T00:01:13"},"auction":3,"total":67}
{"window":{"start":"2023-12-31T23:59:53","end":"2024-01-01T00:00:03"},"auction":3,"total":8}
