INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, array_agg(id ORDER BY id) AS ids, string_agg(bidder, ',' ORDER BY id) AS who FROM bids GROUP BY 1;
