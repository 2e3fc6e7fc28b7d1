--- use tables.sql
INSERT INTO changes
SELECT id, city, place FROM (
    SELECT o.id, c.city, row_number() OVER (PARTITION BY c.city ORDER BY o.amount DESC, o.id) AS place
    FROM (SELECT DISTINCT id, customer, amount FROM orders) o JOIN customers c ON o.customer = c.name
) WHERE place <= 2;

--- expect changes
{"id":31,"city":"Oslo","place":2}
{"id":9,"city":"Oslo","place":1}
{"id":10,"city":"Rome","place":2}
{"id":6,"city":"Rome","place":1}
{"id":1,"city":null,"place":1}
{"id":12,"city":null,"place":2}
