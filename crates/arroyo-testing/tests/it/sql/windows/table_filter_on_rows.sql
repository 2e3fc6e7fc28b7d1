INSERT INTO out
SELECT window_start, window_end, count(*) AS n FROM (SELECT * FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '15' SECOND)) WHERE channel = 'app') GROUP BY window_start, window_end;
