INSERT INTO changes
SELECT channel, bit_and(auction) AS a, bit_or(auction) AS o, bit_xor(auction) AS x FROM bids GROUP BY channel;
