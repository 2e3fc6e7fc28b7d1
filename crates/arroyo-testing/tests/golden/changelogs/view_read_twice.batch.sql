WITH v AS (SELECT channel, count(*) AS n FROM bids GROUP BY channel)
SELECT channel, n FROM v WHERE n > 5 UNION ALL SELECT channel, -n FROM v;
