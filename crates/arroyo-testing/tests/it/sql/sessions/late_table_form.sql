INSERT INTO changes
SELECT window_start, window_end, visitor, count(*) AS n FROM TABLE(SESSION(TABLE visits PARTITION BY visitor, DESCRIPTOR(at), INTERVAL '3' SECOND)) GROUP BY window_start, window_end, visitor ALLOW LATENESS INTERVAL '1 hour';
