INSERT INTO changes
SELECT window, visitor, n FROM (
  SELECT window, visitor, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, visitor) AS place
  FROM (SELECT tumble(INTERVAL '20 seconds') AS window, visitor, count(*) AS n FROM visits GROUP BY 1, 2 EMIT EVERY INTERVAL '2 milliseconds' ALLOW LATENESS INTERVAL '1 hour') AS w
) AS ranked WHERE place <= 2;
