INSERT INTO out
SELECT id, window_start, window_end, window_time FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) WHERE price > 60;
