--- use tables.sql
INSERT INTO out
SELECT window, bidder, rank() OVER w AS rank, dense_rank() OVER w AS dense, row_number() OVER (ORDER BY window.end, bidder) AS number FROM totals WINDOW w AS (PARTITION BY bidder > 'b' ORDER BY window.end);

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","rank":1,"dense":1,"number":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","rank":2,"dense":2,"number":5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","rank":3,"dense":3,"number":9}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","rank":4,"dense":4,"number":12}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","rank":1,"dense":1,"number":2}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","rank":4,"dense":2,"number":6}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","rank":7,"dense":3,"number":10}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","rank":1,"dense":1,"number":3}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","rank":4,"dense":2,"number":7}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","rank":9,"dense":4,"number":13}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","rank":1,"dense":1,"number":4}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","rank":4,"dense":2,"number":8}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","rank":7,"dense":3,"number":11}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","rank":9,"dense":4,"number":14}
