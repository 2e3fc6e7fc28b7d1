CREATE VIEW tens AS (SELECT window_start, window_end, window_time, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, window_time);
INSERT INTO out
SELECT window_start, window_end, n FROM TABLE(TUMBLE(TABLE tens, DESCRIPTOR(window_time), INTERVAL '1' MINUTE));
