INSERT INTO out
SELECT window, bidder, best, row_number() OVER (PARTITION BY window ORDER BY best NULLS FIRST, bidder) AS place, first_value(best) IGNORE NULLS OVER (PARTITION BY window ORDER BY bidder) AS first FROM totals;
