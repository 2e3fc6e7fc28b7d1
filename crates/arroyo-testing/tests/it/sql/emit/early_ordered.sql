INSERT INTO changes
SELECT tumble(INTERVAL '20 seconds') AS window, array_agg(id ORDER BY id) AS ids, first_value(bidder ORDER BY at) AS first FROM bids GROUP BY 1
EMIT EVERY INTERVAL '2 milliseconds';
