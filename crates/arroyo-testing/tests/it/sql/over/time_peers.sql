INSERT INTO out
SELECT window, bidder, sum(n) OVER (ORDER BY window.end) AS bids, sum(n) OVER (ORDER BY window.end ROWS UNBOUNDED PRECEDING) > 0 AS some FROM totals;
