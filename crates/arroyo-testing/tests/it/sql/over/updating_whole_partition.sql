INSERT INTO changes
SELECT id, ntile(3) OVER w AS third, percent_rank() OVER w AS percent, cume_dist() OVER w AS part, lead(id) OVER w AS next FROM bids WINDOW w AS (PARTITION BY channel ORDER BY price NULLS FIRST, id);
