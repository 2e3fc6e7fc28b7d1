--- use ../tables.sql
INSERT INTO out
SELECT hop(INTERVAL '7 seconds', INTERVAL '17 seconds') AS window, bidder, sum(price) AS total FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:07"},"bidder":"ann","total":173}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:07"},"bidder":"bob","total":16}
{"window":{"start":"2023-12-31T23:59:50","end":"2024-01-01T00:00:07"},"bidder":"dee","total":133}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:14"},"bidder":"ann","total":340}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:14"},"bidder":"bob","total":111}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:14"},"bidder":"cid","total":58}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:14"},"bidder":"dee","total":133}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:21"},"bidder":"ann","total":275}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:21"},"bidder":"bob","total":104}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:21"},"bidder":"cid","total":58}
{"window":{"start":"2024-01-01T00:00:04","end":"2024-01-01T00:00:21"},"bidder":"dee","total":82}
{"window":{"start":"2024-01-01T00:00:11","end":"2024-01-01T00:00:28"},"bidder":"ann","total":142}
{"window":{"start":"2024-01-01T00:00:11","end":"2024-01-01T00:00:28"},"bidder":"bob","total":9}
{"window":{"start":"2024-01-01T00:00:11","end":"2024-01-01T00:00:28"},"bidder":"cid","total":37}
{"window":{"start":"2024-01-01T00:00:11","end":"2024-01-01T00:00:28"},"bidder":"dee","total":82}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:35"},"bidder":"ann","total":73}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:35"},"bidder":"cid","total":145}
{"window":{"start":"2024-01-01T00:00:18","end":"2024-01-01T00:00:35"},"bidder":"dee","total":175}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:42"},"bidder":"ann","total":50}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:42"},"bidder":"bob","total":135}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:42"},"bidder":"cid","total":276}
{"window":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:42"},"bidder":"dee","total":235}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:49"},"bidder":"ann","total":50}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:49"},"bidder":"bob","total":135}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:49"},"bidder":"cid","total":193}
{"window":{"start":"2024-01-01T00:00:32","end":"2024-01-01T00:00:49"},"bidder":"dee","total":235}
{"window":{"start":"2024-01-01T00:00:39","end":"2024-01-01T00:00:56"},"bidder":"ann","total":50}
{"window":{"start":"2024-01-01T00:00:39","end":"2024-01-01T00:00:56"},"bidder":"bob","total":79}
{"window":{"start":"2024-01-01T00:00:39","end":"2024-01-01T00:00:56"},"bidder":"cid","total":34}
{"window":{"start":"2024-01-01T00:00:39","end":"2024-01-01T00:00:56"},"bidder":"dee","total":85}
{"window":{"start":"2024-01-01T00:00:46","end":"2024-01-01T00:01:03"},"bidder":"ann","total":98}
{"window":{"start":"2024-01-01T00:00:46","end":"2024-01-01T00:01:03"},"bidder":"bob","total":23}
{"window":{"start":"2024-01-01T00:00:46","end":"2024-01-01T00:01:03"},"bidder":"dee","total":221}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:10"},"bidder":"ann","total":149}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:10"},"bidder":"bob","total":23}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:10"},"bidder":"cid","total":70}
{"window":{"start":"2024-01-01T00:00:53","end":"2024-01-01T00:01:10"},"bidder":"dee","total":221}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:17"},"bidder":"ann","total":51}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:17"},"bidder":"cid","total":70}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:17"},"bidder":"dee","total":57}
