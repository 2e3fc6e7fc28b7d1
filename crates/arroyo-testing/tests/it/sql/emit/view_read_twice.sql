CREATE VIEW v AS SELECT tumble(INTERVAL '10 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2
EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour';
INSERT INTO changes SELECT window.start AS start, visitor, n FROM v WHERE n > 1 UNION ALL SELECT window.end, 'all', sum(n)::BIGINT FROM v GROUP BY window;
