INSERT INTO nowhere SELECT count(*) AS n FROM visits WHERE visitor <> 'cid' GROUP BY tumble(INTERVAL '10 seconds') LATE ROWS INTO late;
