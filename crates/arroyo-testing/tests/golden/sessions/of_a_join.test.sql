--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, b.channel, count(*) AS n, count(o.amount) AS amounts FROM bids AS b JOIN orders AS o ON b.auction = o.id GROUP BY 1, 2;

--- expect changes
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:06"},"channel":"app","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:00:56.800"},"channel":"app","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:58.900","end":"2024-01-01T00:01:01.900"},"channel":"app","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:32.600","end":"2024-01-01T00:00:38.200"},"channel":"app","n":2,"amounts":0}
{"window":{"start":"2024-01-01T00:00:39.600","end":"2024-01-01T00:00:44.100"},"channel":"app","n":2,"amounts":0}
{"window":{"start":"2024-01-01T00:00:12.700","end":"2024-01-01T00:00:15.700"},"channel":"tv","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:01:05.300","end":"2024-01-01T00:01:08.300"},"channel":"tv","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:06"},"channel":"web","n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:03.500","end":"2024-01-01T00:00:06.500"},"channel":null,"n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:07.400","end":"2024-01-01T00:00:10.400"},"channel":null,"n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:18.300","end":"2024-01-01T00:00:21.300"},"channel":null,"n":1,"amounts":0}
{"window":{"start":"2024-01-01T00:00:09.500","end":"2024-01-01T00:00:12.500"},"channel":"app","n":1,"amounts":1}
{"window":{"start":"2024-01-01T00:01:03.100","end":"2024-01-01T00:01:07.500"},"channel":"app","n":2,"amounts":1}
{"window":{"start":"2024-01-01T00:00:02.600","end":"2024-01-01T00:00:05.600"},"channel":"tv","n":1,"amounts":1}
{"window":{"start":"2024-01-01T00:00:18.600","end":"2024-01-01T00:00:21.600"},"channel":"tv","n":1,"amounts":1}
{"window":{"start":"2024-01-01T00:00:37.800","end":"2024-01-01T00:00:40.800"},"channel":"tv","n":1,"amounts":1}
{"window":{"start":"2024-01-01T00:00:07.700","end":"2024-01-01T00:00:11.900"},"channel":"tv","n":2,"amounts":1}
{"window":{"start":"2024-01-01T00:00:36.100","end":"2024-01-01T00:00:41.400"},"channel":"web","n":2,"amounts":1}
{"window":{"start":"2024-01-01T00:00:56.400","end":"2024-01-01T00:00:59.700"},"channel":"web","n":2,"amounts":1}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:37"},"channel":null,"n":1,"amounts":1}
