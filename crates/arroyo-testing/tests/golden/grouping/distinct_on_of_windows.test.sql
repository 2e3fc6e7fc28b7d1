--- use ../tables.sql
INSERT INTO out
SELECT window.start AS start, bidder, n FROM (SELECT DISTINCT ON (window) window, bidder, n FROM (SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2) AS w ORDER BY window, n DESC, bidder) AS f;

--- expect out
{"start":"2024-01-01T00:00:10","bidder":"ann","n":3}
{"start":"2024-01-01T00:00:00","bidder":"ann","n":4}
{"start":"2024-01-01T00:00:40","bidder":"bob","n":1}
{"start":"2024-01-01T00:01:00","bidder":"cid","n":2}
{"start":"2024-01-01T00:00:30","bidder":"cid","n":5}
{"start":"2024-01-01T00:00:50","bidder":"dee","n":3}
