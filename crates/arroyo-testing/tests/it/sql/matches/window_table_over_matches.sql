INSERT INTO out
SELECT window_start, count(*) AS matches FROM TABLE(TUMBLE(TABLE bought, DESCRIPTOR(ended), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
