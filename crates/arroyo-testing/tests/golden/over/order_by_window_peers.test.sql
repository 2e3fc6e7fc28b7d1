--- use tables.sql
INSERT INTO out
SELECT window, bidder, rank() OVER (PARTITION BY bidder ORDER BY window) AS place, lag(n) OVER (PARTITION BY bidder ORDER BY window) AS before, sum(n) OVER (PARTITION BY bidder ORDER BY window) AS total, count(*) OVER (PARTITION BY bidder ORDER BY window, n RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS peers
FROM totals;

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","place":3,"before":1,"total":9,"peers":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","place":4,"before":1,"total":10,"peers":4}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","place":3,"before":1,"total":8,"peers":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","place":2,"before":3,"total":8,"peers":2}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","place":3,"before":3,"total":11,"peers":3}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","place":4,"before":3,"total":12,"peers":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","place":2,"before":5,"total":6,"peers":2}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","place":3,"before":5,"total":10,"peers":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","place":2,"before":5,"total":8,"peers":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","place":2,"before":7,"total":8,"peers":2}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","place":1,"before":null,"total":7,"peers":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","place":1,"before":null,"total":5,"peers":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","place":1,"before":null,"total":3,"peers":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","place":1,"before":null,"total":5,"peers":1}
