INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM SESSION(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND) GROUP BY window_start, window_end;
