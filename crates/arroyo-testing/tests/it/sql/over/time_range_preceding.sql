INSERT INTO out
SELECT id, count(*) OVER w AS recent, sum(price) OVER w AS amount, min(price) OVER w AS lowest FROM bids WINDOW w AS (PARTITION BY auction ORDER BY at RANGE INTERVAL '5' SECOND PRECEDING);
