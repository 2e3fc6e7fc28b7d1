INSERT INTO changes
SELECT channel, first_value(bidder ORDER BY id) AS first, last_value(bidder ORDER BY id) AS last, nth_value(bidder, 2 ORDER BY id) AS second FROM bids GROUP BY channel;
