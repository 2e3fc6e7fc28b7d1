INSERT INTO out
SELECT id, concat(bidder, '-', coalesce(channel, '?')) AS who, length(bidder) AS n, reverse(bidder) AS r, bidder LIKE '%n%' AS has_n FROM bids;
