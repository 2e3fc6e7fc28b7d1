--- use tables.sql
INSERT INTO out
SELECT id, d.twice, e.more FROM orders o
CROSS APPLY (SELECT o.amount * 2 AS twice WHERE o.id < 8) d
OUTER APPLY (SELECT o.amount + 1 AS more WHERE o.amount > 5) e;

--- expect out
{"id":0,"twice":10,"more":null}
{"id":1,"twice":40,"more":21}
{"id":2,"twice":20,"more":11}
{"id":3,"twice":10,"more":null}
{"id":4,"twice":40,"more":21}
{"id":4,"twice":40,"more":21}
{"id":5,"twice":40,"more":21}
{"id":6,"twice":40,"more":21}
{"id":7,"twice":10,"more":null}
