--- use tables.sql
INSERT INTO changes
SELECT bidder, n FROM totals ORDER BY n DESC, window.start, bidder LIMIT 4;

--- expect changes
{"bidder":"ann","n":7}
{"bidder":"bob","n":5}
{"bidder":"cid","n":5}
{"bidder":"dee","n":5}
