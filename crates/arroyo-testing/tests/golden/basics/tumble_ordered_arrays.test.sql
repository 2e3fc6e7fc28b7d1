--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, array_agg(id ORDER BY id) AS ids, string_agg(bidder, ',' ORDER BY id) AS who FROM bids GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"ids":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19],"who":"dee,bob,dee,ann,bob,dee,bob,ann,ann,ann,cid,bob,cid,ann,cid,ann,bob,ann,dee,dee"}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"ids":[20,21,22,23,24,25,26,27,28,30],"who":"cid,cid,cid,dee,dee,cid,ann,dee,bob,cid"}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"ids":[29,31,32,33,34,35],"who":"bob,dee,bob,dee,ann,dee"}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"ids":[36,37,38,39],"who":"dee,cid,ann,cid"}
