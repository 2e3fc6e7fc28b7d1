INSERT INTO out
SELECT window_start, window_end, auction, sum(price) AS total FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) GROUP BY window_start, window_end, auction;
