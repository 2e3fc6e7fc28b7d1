INSERT INTO out
SELECT w.window_start, w.bidder AS who, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '30' SECOND)) AS w GROUP BY w.window_start, w.window_end, w.bidder;
