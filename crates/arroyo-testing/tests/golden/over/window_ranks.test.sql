--- use tables.sql
INSERT INTO out
SELECT window, bidder, n, rank() OVER w AS rank, dense_rank() OVER w AS dense, percent_rank() OVER w AS percent, cume_dist() OVER w AS part
FROM totals WINDOW w AS (PARTITION BY window ORDER BY n);

--- expect out
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"ann","n":1,"rank":1,"dense":1,"percent":0.0,"part":0.3333333333333333}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"ann","n":1,"rank":1,"dense":1,"percent":0.0,"part":0.5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"ann","n":1,"rank":1,"dense":1,"percent":0.0,"part":0.6666666666666666}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"ann","n":7,"rank":4,"dense":3,"percent":1.0,"part":1.0}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"bob","n":1,"rank":1,"dense":1,"percent":0.0,"part":0.5}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"bob","n":2,"rank":2,"dense":2,"percent":0.5,"part":0.6666666666666666}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"bob","n":5,"rank":2,"dense":2,"percent":0.3333333333333333,"part":0.75}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"cid","n":3,"rank":1,"dense":1,"percent":0.0,"part":0.25}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"cid","n":2,"rank":3,"dense":2,"percent":1.0,"part":1.0}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"cid","n":5,"rank":4,"dense":3,"percent":1.0,"part":1.0}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:01:20"},"bidder":"dee","n":1,"rank":1,"dense":1,"percent":0.0,"part":0.6666666666666666}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:40"},"bidder":"dee","n":3,"rank":3,"dense":2,"percent":0.6666666666666666,"part":0.75}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:20"},"bidder":"dee","n":5,"rank":2,"dense":2,"percent":0.3333333333333333,"part":0.75}
{"window":{"start":"2024-01-01T00:00:40","end":"2024-01-01T00:01:00"},"bidder":"dee","n":3,"rank":3,"dense":3,"percent":1.0,"part":1.0}
