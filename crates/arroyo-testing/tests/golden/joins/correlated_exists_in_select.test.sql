--- use tables.sql
INSERT INTO changes
SELECT o.id,
    EXISTS (SELECT 1 FROM payments p WHERE p.amount > o.amount AND p.payer = o.customer) AS outdone,
    o.amount < ANY (SELECT p.amount FROM payments p WHERE p.payer <> o.customer) AS less,
    o.amount IN (SELECT p.amount FROM payments p WHERE p.at < o.at) AS before
FROM orders o;

--- expect changes
{"id":11,"outdone":false,"less":false,"before":null}
{"id":14,"outdone":true,"less":true,"before":null}
{"id":31,"outdone":false,"less":null,"before":null}
{"id":9,"outdone":false,"less":null,"before":null}
{"id":0,"outdone":false,"less":true,"before":true}
{"id":1,"outdone":false,"less":null,"before":true}
{"id":10,"outdone":false,"less":true,"before":true}
{"id":12,"outdone":false,"less":null,"before":true}
{"id":13,"outdone":false,"less":true,"before":true}
{"id":15,"outdone":false,"less":true,"before":true}
{"id":15,"outdone":false,"less":true,"before":true}
{"id":16,"outdone":true,"less":true,"before":true}
{"id":17,"outdone":false,"less":true,"before":true}
{"id":18,"outdone":false,"less":true,"before":true}
{"id":19,"outdone":false,"less":true,"before":true}
{"id":2,"outdone":true,"less":true,"before":true}
{"id":20,"outdone":true,"less":true,"before":true}
{"id":21,"outdone":true,"less":true,"before":true}
{"id":22,"outdone":true,"less":true,"before":true}
{"id":23,"outdone":true,"less":true,"before":true}
{"id":24,"outdone":true,"less":true,"before":true}
{"id":25,"outdone":true,"less":true,"before":true}
{"id":26,"outdone":true,"less":true,"before":true}
{"id":27,"outdone":false,"less":true,"before":true}
{"id":28,"outdone":false,"less":null,"before":true}
{"id":29,"outdone":true,"less":true,"before":true}
{"id":3,"outdone":true,"less":true,"before":true}
{"id":30,"outdone":false,"less":false,"before":true}
{"id":32,"outdone":true,"less":true,"before":true}
{"id":33,"outdone":false,"less":null,"before":true}
{"id":34,"outdone":false,"less":null,"before":true}
{"id":35,"outdone":true,"less":true,"before":true}
{"id":4,"outdone":false,"less":null,"before":true}
{"id":4,"outdone":false,"less":null,"before":true}
{"id":5,"outdone":false,"less":null,"before":true}
{"id":6,"outdone":false,"less":null,"before":true}
{"id":7,"outdone":true,"less":true,"before":true}
{"id":8,"outdone":false,"less":null,"before":true}
{"id":8,"outdone":false,"less":null,"before":true}
