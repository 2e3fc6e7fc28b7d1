INSERT INTO nowhere SELECT visitor, count(*) AS n FROM visits GROUP BY tumble(INTERVAL '10 seconds'), visitor LATE ROWS INTO late;
