--- use tables.sql
INSERT INTO changes
SELECT row_number() OVER () AS place FROM orders QUALIFY place <= 4;

--- expect changes
{"place":1}
{"place":2}
{"place":3}
{"place":4}
