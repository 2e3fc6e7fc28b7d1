INSERT INTO out
SELECT window_start, window_end, bidder, count(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(at), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, bidder;
