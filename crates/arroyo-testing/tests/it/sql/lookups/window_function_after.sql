INSERT INTO changes
SELECT id, city, place FROM (
    SELECT o.id, c.city, row_number() OVER (PARTITION BY c.city ORDER BY o.amount DESC, o.id) AS place
    FROM (SELECT DISTINCT id, customer, amount FROM orders) o JOIN customers c ON o.customer = c.name
) WHERE place <= 2;
