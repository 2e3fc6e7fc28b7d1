INSERT INTO out
SELECT window_start, window_end, channel, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, ROLLUP (channel);
