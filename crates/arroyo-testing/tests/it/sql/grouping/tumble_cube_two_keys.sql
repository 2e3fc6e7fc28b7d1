INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, channel, auction, count(*) AS n, grouping(channel) AS no_channel, grouping(auction) AS no_auction FROM bids GROUP BY tumble(INTERVAL '10 seconds'), CUBE (channel, auction);
