--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, bidder, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:39.600","end":"2024-01-01T00:00:42.600"},"bidder":"ann","n":1,"total":50}
{"window":{"start":"2024-01-01T00:01:05.300","end":"2024-01-01T00:01:08.300"},"bidder":"ann","n":1,"total":51}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:21"},"bidder":"ann","n":1,"total":73}
{"window":{"start":"2024-01-01T00:00:56.700","end":"2024-01-01T00:00:59.700"},"bidder":"ann","n":1,"total":98}
{"window":{"start":"2024-01-01T00:00:06","end":"2024-01-01T00:00:10.400"},"bidder":"ann","n":2,"total":133}
{"window":{"start":"2024-01-01T00:00:02.200","end":"2024-01-01T00:00:05.400"},"bidder":"ann","n":2,"total":138}
{"window":{"start":"2024-01-01T00:00:12.600","end":"2024-01-01T00:00:15.700"},"bidder":"ann","n":2,"total":69}
{"window":{"start":"2024-01-01T00:00:54.700","end":"2024-01-01T00:00:57.700"},"bidder":"bob","n":1,"total":23}
{"window":{"start":"2024-01-01T00:00:41.100","end":"2024-01-01T00:00:44.100"},"bidder":"bob","n":1,"total":56}
{"window":{"start":"2024-01-01T00:00:37.800","end":"2024-01-01T00:00:40.800"},"bidder":"bob","n":1,"total":79}
{"window":{"start":"2024-01-01T00:00:16.400","end":"2024-01-01T00:00:19.400"},"bidder":"bob","n":1,"total":9}
{"window":{"start":"2024-01-01T00:00:09.500","end":"2024-01-01T00:00:12.500"},"bidder":"bob","n":1,"total":95}
{"window":{"start":"2024-01-01T00:00:01.800","end":"2024-01-01T00:00:06.500"},"bidder":"bob","n":3,"total":16}
{"window":{"start":"2024-01-01T00:00:39.800","end":"2024-01-01T00:00:42.800"},"bidder":"cid","n":1,"total":34}
{"window":{"start":"2024-01-01T00:01:03.100","end":"2024-01-01T00:01:07.500"},"bidder":"cid","n":2,"total":70}
{"window":{"start":"2024-01-01T00:00:07.700","end":"2024-01-01T00:00:14.800"},"bidder":"cid","n":3,"total":58}
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:39.400"},"bidder":"cid","n":4,"total":242}
{"window":{"start":"2024-01-01T00:00:18.300","end":"2024-01-01T00:00:21.600"},"bidder":"dee","n":2,"total":82}
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:05.600"},"bidder":"dee","n":3,"total":133}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:41.400"},"bidder":"dee","n":3,"total":235}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:01:04.300"},"bidder":"dee","n":4,"total":221}
