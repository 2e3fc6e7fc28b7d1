--- use tables.sql
INSERT INTO changes
SELECT o.id,
    (SELECT max(p.amount + o.amount) FROM payments p WHERE p.payer = o.customer) AS most,
    (SELECT count(*) FILTER (WHERE p.amount > o.amount) FROM payments p) AS more
FROM orders o;

--- expect changes
{"id":0,"most":null,"more":23}
{"id":1,"most":40,"more":0}
{"id":10,"most":null,"more":5}
{"id":11,"most":null,"more":0}
{"id":12,"most":40,"more":0}
{"id":13,"most":null,"more":5}
{"id":14,"most":28,"more":16}
{"id":15,"most":null,"more":23}
{"id":15,"most":null,"more":23}
{"id":16,"most":30,"more":5}
{"id":17,"most":null,"more":23}
{"id":18,"most":null,"more":23}
{"id":19,"most":null,"more":5}
{"id":2,"most":30,"more":5}
{"id":20,"most":30,"more":5}
{"id":21,"most":25,"more":23}
{"id":22,"most":30,"more":5}
{"id":23,"most":30,"more":5}
{"id":24,"most":30,"more":5}
{"id":25,"most":28,"more":16}
{"id":26,"most":28,"more":16}
{"id":27,"most":null,"more":5}
{"id":28,"most":40,"more":0}
{"id":29,"most":28,"more":16}
{"id":3,"most":25,"more":23}
{"id":30,"most":null,"more":5}
{"id":31,"most":null,"more":0}
{"id":32,"most":28,"more":16}
{"id":33,"most":40,"more":0}
{"id":34,"most":40,"more":0}
{"id":35,"most":25,"more":23}
{"id":4,"most":null,"more":0}
{"id":4,"most":null,"more":0}
{"id":5,"most":40,"more":0}
{"id":6,"most":null,"more":0}
{"id":7,"most":25,"more":23}
{"id":8,"most":40,"more":0}
{"id":8,"most":40,"more":0}
{"id":9,"most":null,"more":0}
