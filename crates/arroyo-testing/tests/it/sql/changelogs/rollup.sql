INSERT INTO changes
SELECT channel, auction, count(*) AS n, grouping(channel) AS gc, grouping(auction) AS ga FROM bids GROUP BY ROLLUP (channel, auction);
