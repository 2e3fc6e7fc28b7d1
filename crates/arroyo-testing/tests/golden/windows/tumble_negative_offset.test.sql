--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds', INTERVAL '-3 seconds') AS window, bidder, sum(price) AS total FROM bids GROUP BY 1, 2;

--- expect out
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:07"},"bidder":"ann","total":173}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:07"},"bidder":"bob","total":16}
{"window":{"start":"2023-12-31T23:59:57","end":"2024-01-01T00:00:07"},"bidder":"dee","total":133}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:17"},"bidder":"ann","total":167}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:17"},"bidder":"bob","total":104}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:17"},"bidder":"cid","total":58}
{"window":{"start":"2024-01-01T00:00:17","end":"2024-01-01T00:00:27"},"bidder":"ann","total":73}
{"window":{"start":"2024-01-01T00:00:17","end":"2024-01-01T00:00:27"},"bidder":"dee","total":82}
{"window":{"start":"2024-01-01T00:00:27","end":"2024-01-01T00:00:37"},"bidder":"cid","total":242}
{"window":{"start":"2024-01-01T00:00:27","end":"2024-01-01T00:00:37"},"bidder":"dee","total":139}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:47"},"bidder":"ann","total":50}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:47"},"bidder":"bob","total":135}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:47"},"bidder":"cid","total":34}
{"window":{"start":"2024-01-01T00:00:37","end":"2024-01-01T00:00:47"},"bidder":"dee","total":96}
{"window":{"start":"2024-01-01T00:00:47","end":"2024-01-01T00:00:57"},"bidder":"ann","total":98}
{"window":{"start":"2024-01-01T00:00:47","end":"2024-01-01T00:00:57"},"bidder":"bob","total":23}
{"window":{"start":"2024-01-01T00:00:47","end":"2024-01-01T00:00:57"},"bidder":"dee","total":99}
{"window":{"start":"2024-01-01T00:00:57","end":"2024-01-01T00:01:07"},"bidder":"ann","total":51}
{"window":{"start":"2024-01-01T00:00:57","end":"2024-01-01T00:01:07"},"bidder":"cid","total":70}
{"window":{"start":"2024-01-01T00:00:57","end":"2024-01-01T00:01:07"},"bidder":"dee","total":122}
