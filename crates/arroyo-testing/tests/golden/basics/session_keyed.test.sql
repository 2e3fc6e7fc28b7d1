--- use ../tables.sql
INSERT INTO out
SELECT session(INTERVAL '5 seconds') AS window, bidder, count(*) AS n, sum(price) AS total FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2024-01-01T00:00:01.700","end":"2024-01-01T00:00:07.600"},"bidder":"dee","n":3,"total":133}
{"window":{"start":"2024-01-01T00:00:01.800","end":"2024-01-01T00:00:08.500"},"bidder":"bob","n":3,"total":16}
{"window":{"start":"2024-01-01T00:00:02.200","end":"2024-01-01T00:00:12.400"},"bidder":"ann","n":4,"total":271}
{"window":{"start":"2024-01-01T00:00:07.700","end":"2024-01-01T00:00:16.800"},"bidder":"cid","n":3,"total":58}
{"window":{"start":"2024-01-01T00:00:09.500","end":"2024-01-01T00:00:14.500"},"bidder":"bob","n":1,"total":95}
{"window":{"start":"2024-01-01T00:00:12.600","end":"2024-01-01T00:00:17.700"},"bidder":"ann","n":2,"total":69}
{"window":{"start":"2024-01-01T00:00:16.400","end":"2024-01-01T00:00:21.400"},"bidder":"bob","n":1,"total":9}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:23"},"bidder":"ann","n":1,"total":73}
{"window":{"start":"2024-01-01T00:00:18.300","end":"2024-01-01T00:00:23.600"},"bidder":"dee","n":2,"total":82}
{"window":{"start":"2024-01-01T00:00:30.500","end":"2024-01-01T00:00:44.800"},"bidder":"cid","n":5,"total":276}
{"window":{"start":"2024-01-01T00:00:34","end":"2024-01-01T00:00:43.400"},"bidder":"dee","n":3,"total":235}
{"window":{"start":"2024-01-01T00:00:37.800","end":"2024-01-01T00:00:46.100"},"bidder":"bob","n":2,"total":135}
{"window":{"start":"2024-01-01T00:00:39.600","end":"2024-01-01T00:00:44.600"},"bidder":"ann","n":1,"total":50}
{"window":{"start":"2024-01-01T00:00:53.800","end":"2024-01-01T00:01:06.300"},"bidder":"dee","n":4,"total":221}
{"window":{"start":"2024-01-01T00:00:54.700","end":"2024-01-01T00:00:59.700"},"bidder":"bob","n":1,"total":23}
{"window":{"start":"2024-01-01T00:00:56.700","end":"2024-01-01T00:01:01.700"},"bidder":"ann","n":1,"total":98}
{"window":{"start":"2024-01-01T00:01:03.100","end":"2024-01-01T00:01:09.500"},"bidder":"cid","n":2,"total":70}
{"window":{"start":"2024-01-01T00:01:05.300","end":"2024-01-01T00:01:10.300"},"bidder":"ann","n":1,"total":51}
