-- A session begins with a bid that has none in the ten seconds before it.
WITH gaps AS (
    SELECT bidder, datetime, lag(datetime) OVER (PARTITION BY bidder ORDER BY datetime) AS before FROM bids
),
numbered AS (
    SELECT bidder, datetime,
           sum(CASE WHEN before IS NULL OR datetime - before > INTERVAL '10 seconds' THEN 1 ELSE 0 END)
               OVER (PARTITION BY bidder ORDER BY datetime ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
    FROM gaps
)
SELECT bidder, count(*) AS bids, min(datetime) AS since, max(datetime) + INTERVAL '10 seconds' AS until
FROM numbered
GROUP BY bidder, number;
