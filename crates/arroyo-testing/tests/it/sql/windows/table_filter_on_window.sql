INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) WHERE window_start >= TIMESTAMP '2024-01-01 00:00:00' AND price IS NOT NULL GROUP BY window_start, window_end;
