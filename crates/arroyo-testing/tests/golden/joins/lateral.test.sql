--- use tables.sql
INSERT INTO out
SELECT o.id, l.paid FROM orders o CROSS JOIN LATERAL (SELECT p.amount AS paid FROM payments p WHERE p.order_id = o.id) l;

--- expect out
{"id":0,"paid":20}
{"id":0,"paid":null}
{"id":1,"paid":null}
{"id":10,"paid":5}
{"id":11,"paid":20}
{"id":11,"paid":8}
{"id":12,"paid":10}
{"id":13,"paid":8}
{"id":16,"paid":10}
{"id":18,"paid":5}
{"id":2,"paid":null}
{"id":20,"paid":20}
{"id":21,"paid":10}
{"id":21,"paid":5}
{"id":22,"paid":10}
{"id":22,"paid":5}
{"id":22,"paid":null}
{"id":23,"paid":10}
{"id":28,"paid":20}
{"id":28,"paid":null}
{"id":29,"paid":10}
{"id":31,"paid":null}
{"id":32,"paid":10}
{"id":32,"paid":10}
{"id":32,"paid":8}
{"id":33,"paid":10}
{"id":33,"paid":8}
{"id":34,"paid":5}
{"id":34,"paid":8}
{"id":4,"paid":20}
{"id":4,"paid":20}
{"id":4,"paid":8}
{"id":4,"paid":8}
{"id":7,"paid":8}
{"id":8,"paid":10}
{"id":8,"paid":10}
{"id":8,"paid":10}
{"id":8,"paid":10}
{"id":8,"paid":null}
{"id":8,"paid":null}
{"id":9,"paid":5}
