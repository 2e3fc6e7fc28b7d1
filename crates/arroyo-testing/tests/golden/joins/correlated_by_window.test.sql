--- use tables.sql
INSERT INTO changes
SELECT o.id, o.amount,
    (SELECT count(*)
     FROM (SELECT tumble(INTERVAL '10 seconds') AS w, payer, sum(amount) AS total FROM payments GROUP BY 1, 2) AS x
     WHERE x.total < o.amount AND x.w.end <= o.at) AS less_before
FROM orders o;

--- expect changes
{"id":10,"amount":10,"less_before":0}
{"id":13,"amount":10,"less_before":1}
{"id":16,"amount":10,"less_before":0}
{"id":19,"amount":10,"less_before":1}
{"id":2,"amount":10,"less_before":0}
{"id":20,"amount":10,"less_before":1}
{"id":22,"amount":10,"less_before":1}
{"id":23,"amount":10,"less_before":1}
{"id":24,"amount":10,"less_before":1}
{"id":27,"amount":10,"less_before":1}
{"id":30,"amount":10,"less_before":1}
{"id":1,"amount":20,"less_before":0}
{"id":12,"amount":20,"less_before":2}
{"id":28,"amount":20,"less_before":2}
{"id":33,"amount":20,"less_before":5}
{"id":34,"amount":20,"less_before":5}
{"id":4,"amount":20,"less_before":0}
{"id":4,"amount":20,"less_before":0}
{"id":5,"amount":20,"less_before":0}
{"id":6,"amount":20,"less_before":0}
{"id":8,"amount":20,"less_before":0}
{"id":8,"amount":20,"less_before":0}
{"id":0,"amount":5,"less_before":0}
{"id":15,"amount":5,"less_before":0}
{"id":15,"amount":5,"less_before":0}
{"id":17,"amount":5,"less_before":0}
{"id":18,"amount":5,"less_before":0}
{"id":21,"amount":5,"less_before":0}
{"id":3,"amount":5,"less_before":0}
{"id":35,"amount":5,"less_before":0}
{"id":7,"amount":5,"less_before":0}
{"id":14,"amount":8,"less_before":1}
{"id":25,"amount":8,"less_before":1}
{"id":26,"amount":8,"less_before":1}
{"id":29,"amount":8,"less_before":1}
{"id":32,"amount":8,"less_before":1}
{"id":11,"amount":null,"less_before":0}
{"id":31,"amount":null,"less_before":0}
{"id":9,"amount":null,"less_before":0}
