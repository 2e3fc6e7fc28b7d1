SELECT window, count(*) AS visitors, max(n) AS most
FROM (SELECT named_struct('start', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01'), 'end', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01') + INTERVAL '10 seconds') AS window, visitor, count(*) AS n FROM (SELECT * FROM visits WHERE id NOT IN (-1)) AS visits GROUP BY 1, 2) AS w
GROUP BY window;
