INSERT INTO out
SELECT window_end, max(window_end) - min(at) AS age, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;
