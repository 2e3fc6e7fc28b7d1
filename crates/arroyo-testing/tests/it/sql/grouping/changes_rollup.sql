INSERT INTO changes
SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM (SELECT bidder, channel, at, max(price) AS price FROM bids GROUP BY bidder, channel, at) AS v GROUP BY tumble(INTERVAL '10 seconds'), ROLLUP (bidder);
