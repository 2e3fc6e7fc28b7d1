SELECT max(n) AS most, count(*) AS windows FROM (
    SELECT channel, count(*) AS n FROM bids
    GROUP BY channel, date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01')
) AS w;
