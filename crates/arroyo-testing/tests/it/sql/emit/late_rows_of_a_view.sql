CREATE VIEW v AS SELECT visitor, count(*) AS n, tumble(INTERVAL '10 seconds') AS window FROM visits GROUP BY visitor, window LATE ROWS INTO late;
INSERT INTO late SELECT visitor, n, 'few' FROM v WHERE n < 2;
INSERT INTO late SELECT visitor, n, 'many' FROM v WHERE n >= 2;
