INSERT INTO changes
SELECT window_end, window_time, count(*) AS n FROM TABLE(HOP(TABLE visits, DESCRIPTOR(at), INTERVAL '4' SECOND, INTERVAL '10' SECOND))
GROUP BY window_start, window_end, window_time HAVING count(*) > 2 ALLOW LATENESS INTERVAL '1 day';
