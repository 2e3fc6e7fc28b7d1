INSERT INTO changes
SELECT channel, bidder, count(*) AS n, grouping(channel, bidder) AS g FROM bids GROUP BY GROUPING SETS ((channel), (bidder), (channel, bidder));
