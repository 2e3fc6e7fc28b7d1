SELECT visitor, max(n) AS most, count(*) AS windows
FROM (SELECT visitor, count(*) AS n FROM (SELECT * FROM visits WHERE id NOT IN (-1)) AS visits GROUP BY visitor, named_struct('start', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01'), 'end', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01') + INTERVAL '10 seconds')) AS w
GROUP BY visitor;
