--- use tables.sql
INSERT INTO changes
SELECT id, city, place FROM (
    SELECT o.id, c.city, row_number() OVER (PARTITION BY c.city ORDER BY o.amount DESC, o.id) AS place
    FROM (SELECT DISTINCT id, customer, amount FROM orders) o JOIN customers c ON o.customer = c.name
) WHERE place <= 2;

--- expect changes
{"city":"Oslo","id":31,"place":2}
{"city":"Oslo","id":9,"place":1}
{"city":"Rome","id":10,"place":2}
{"city":"Rome","id":6,"place":1}
{"city":null,"id":1,"place":1}
{"city":null,"id":12,"place":2}
