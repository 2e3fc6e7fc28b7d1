INSERT INTO out
SELECT window, bidder, count(*) FILTER (WHERE n > 2) OVER (PARTITION BY window) AS busy, max(n) FILTER (WHERE bidder < 'c') OVER (PARTITION BY window ORDER BY bidder) AS most FROM totals;
