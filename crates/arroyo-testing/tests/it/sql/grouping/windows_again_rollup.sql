INSERT INTO out
SELECT window, channel, sum(n) AS n FROM (SELECT tumble(INTERVAL '10 seconds') AS window, channel, bidder, count(*) AS n FROM bids GROUP BY 1, 2, 3) AS w GROUP BY window, ROLLUP (channel);
