INSERT INTO late
SELECT visitor, count(*) AS id, 'session' AS page FROM visits GROUP BY session(INTERVAL '5 seconds'), visitor LATE ROWS INTO late;
