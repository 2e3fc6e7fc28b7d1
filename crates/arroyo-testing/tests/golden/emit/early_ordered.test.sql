--- use tables.sql
INSERT INTO changes
SELECT tumble(INTERVAL '20 seconds') AS window, array_agg(id ORDER BY id) AS ids, first_value(bidder ORDER BY at) AS first FROM bids GROUP BY 1
EMIT EVERY INTERVAL '2 milliseconds';

--- expect changes
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"ids":[29,31,32,33,34,35],"first":"bob"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"ids":[20,21,22,23,24,25,26,27,28,30],"first":"cid"}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"ids":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],"first":"dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"ids":[36,37,38,39],"first":"dee"}
