WITH paid AS (SELECT o.id, count(z.id) AS n FROM (SELECT DISTINCT * FROM orders) o LEFT JOIN payments z ON z.payer = o.customer AND z.at < o.at GROUP BY o.id)
SELECT p.name, o.id, paid.n AS paid FROM people p JOIN orders o ON o.customer = p.name JOIN paid ON paid.id = o.id;
