SELECT window, visitor, n FROM (
  SELECT window, visitor, n, row_number() OVER (PARTITION BY window ORDER BY n DESC, visitor) AS place
  FROM (SELECT named_struct('start', date_bin(INTERVAL '20 seconds', at, TIMESTAMP '1970-01-01'), 'end', date_bin(INTERVAL '20 seconds', at, TIMESTAMP '1970-01-01') + INTERVAL '20 seconds') AS window, visitor, count(*) AS n FROM (SELECT * FROM visits WHERE id NOT IN (-1)) AS visits GROUP BY 1, 2) AS w
) AS ranked WHERE place <= 2;
