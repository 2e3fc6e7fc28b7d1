SELECT named_struct('start', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01'), 'end', date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01') + INTERVAL '10 seconds') AS window, count(*) FILTER (WHERE price > 50) AS dear, sum(DISTINCT price) AS total, round(stddev(price), 6) AS spread FROM bids
GROUP BY 1;
