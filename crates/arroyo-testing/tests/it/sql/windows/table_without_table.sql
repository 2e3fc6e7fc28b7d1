INSERT INTO out
SELECT window_start, count(*) AS n FROM TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '20' SECOND) GROUP BY window_start, window_end;
