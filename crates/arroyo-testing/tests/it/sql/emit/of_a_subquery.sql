INSERT INTO changes
WITH few AS (SELECT at, visitor, spent * 2 AS twice FROM visits WHERE page IS NOT NULL)
SELECT tumble(INTERVAL '10 seconds') AS window, sum(twice) AS twice FROM few GROUP BY window ALLOW LATENESS INTERVAL '1 hour';
