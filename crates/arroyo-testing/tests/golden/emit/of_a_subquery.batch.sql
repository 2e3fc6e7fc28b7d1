WITH few AS (SELECT at, visitor, spent * 2 AS twice FROM (SELECT * FROM visits WHERE id NOT IN (-1)) AS visits WHERE page IS NOT NULL)
SELECT named_struct('start', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01'), 'end', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01') + INTERVAL '10 seconds') AS window, sum(twice) AS twice FROM few GROUP BY window;
