INSERT INTO changes
SELECT window_start, window_end, visitor, count(*) AS n FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(at), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, visitor EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 day';
