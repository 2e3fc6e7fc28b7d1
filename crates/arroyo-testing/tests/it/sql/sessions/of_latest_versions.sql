INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, channel, count(*) AS bidders, sum(n) AS bids FROM (SELECT bidder, channel, count(*) AS n FROM bids GROUP BY bidder, channel) AS v GROUP BY 1, 2;
