SELECT window, bidder, rank() OVER (PARTITION BY bidder ORDER BY window.start) AS place, lag(n) OVER (PARTITION BY bidder ORDER BY window.start) AS before, sum(n) OVER (PARTITION BY bidder ORDER BY window.start) AS total, count(*) OVER (PARTITION BY bidder ORDER BY window.start, n) AS peers
FROM totals;
