INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND, INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
