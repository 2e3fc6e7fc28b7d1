--- use ../tables.sql
INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds', INTERVAL '5 seconds') AS window, auction, count(*) AS n FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2023-12-31T23:59:35","end":"2024-01-01T00:00:05"},"auction":1,"n":4}
{"window":{"start":"2023-12-31T23:59:35","end":"2024-01-01T00:00:05"},"auction":2,"n":1}
{"window":{"start":"2023-12-31T23:59:35","end":"2024-01-01T00:00:05"},"auction":3,"n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"auction":1,"n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"auction":2,"n":2}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"auction":3,"n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"auction":1,"n":5}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"auction":2,"n":3}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:25"},"auction":3,"n":4}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:35"},"auction":1,"n":6}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:35"},"auction":2,"n":4}
{"window":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:35"},"auction":3,"n":5}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:45"},"auction":1,"n":2}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:45"},"auction":2,"n":2}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:45"},"auction":3,"n":4}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"auction":1,"n":3}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"auction":2,"n":2}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:00:55"},"auction":3,"n":5}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:01:05"},"auction":1,"n":4}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:01:05"},"auction":2,"n":4}
{"window":{"start":"2024-01-01T00:00:35","end":"2024-01-01T00:01:05"},"auction":3,"n":8}
{"window":{"start":"2024-01-01T00:01:05","end":"2024-01-01T00:01:15"},"auction":3,"n":1}
{"window":{"start":"2024-01-01T00:01:05","end":"2024-01-01T00:01:25"},"auction":3,"n":1}
{"window":{"start":"2024-01-01T00:01:05","end":"2024-01-01T00:01:35"},"auction":3,"n":1}
