--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, auction, channel, count(*) AS n FROM bids GROUP BY 1, 2, 3;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":1,"channel":"app","n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":1,"channel":"tv","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":1,"channel":"web","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":2,"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":2,"channel":"tv","n":3}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":3,"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":3,"channel":"tv","n":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":3,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"auction":3,"channel":null,"n":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":1,"channel":"tv","n":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":1,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":2,"channel":"tv","n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":2,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":2,"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":3,"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"auction":3,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"auction":1,"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"auction":2,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"auction":3,"channel":"app","n":3}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"auction":3,"channel":"web","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"auction":1,"channel":null,"n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"auction":2,"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"auction":3,"channel":"app","n":1}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"auction":3,"channel":"tv","n":1}
