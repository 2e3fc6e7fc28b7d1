INSERT INTO late
SELECT visitor, count(*) AS id, 'window' AS page FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(at), INTERVAL '10' SECOND)) GROUP BY window_start, window_end, visitor
LATE ROWS INTO late;
