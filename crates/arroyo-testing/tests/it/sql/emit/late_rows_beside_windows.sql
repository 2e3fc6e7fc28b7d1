INSERT INTO late
SELECT visitor, count(*) AS id, 'window' AS page FROM visits GROUP BY tumble(INTERVAL '10 seconds'), visitor LATE ROWS INTO late;
