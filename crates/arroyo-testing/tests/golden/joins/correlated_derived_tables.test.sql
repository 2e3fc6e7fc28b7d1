--- use tables.sql
INSERT INTO changes
SELECT o.id, o.amount,
    (SELECT count(*) FROM (SELECT DISTINCT p.payer FROM payments p WHERE p.amount > o.amount) AS d) AS payers,
    (SELECT max(d.n) FROM (SELECT p.payer, count(*) AS n FROM payments p WHERE p.amount = o.amount GROUP BY p.payer) AS d) AS most
FROM (SELECT * FROM orders WHERE amount IS NOT NULL) AS o
WHERE (o.amount, 1) IN (SELECT p.amount, 1 FROM payments p WHERE p.at <= o.at);

--- expect changes
{"id":10,"amount":10,"payers":3,"most":5}
{"id":13,"amount":10,"payers":3,"most":5}
{"id":16,"amount":10,"payers":3,"most":5}
{"id":19,"amount":10,"payers":3,"most":5}
{"id":2,"amount":10,"payers":3,"most":5}
{"id":20,"amount":10,"payers":3,"most":5}
{"id":22,"amount":10,"payers":3,"most":5}
{"id":23,"amount":10,"payers":3,"most":5}
{"id":24,"amount":10,"payers":3,"most":5}
{"id":27,"amount":10,"payers":3,"most":5}
{"id":30,"amount":10,"payers":3,"most":5}
{"id":1,"amount":20,"payers":0,"most":3}
{"id":12,"amount":20,"payers":0,"most":3}
{"id":28,"amount":20,"payers":0,"most":3}
{"id":33,"amount":20,"payers":0,"most":3}
{"id":34,"amount":20,"payers":0,"most":3}
{"id":4,"amount":20,"payers":0,"most":3}
{"id":4,"amount":20,"payers":0,"most":3}
{"id":5,"amount":20,"payers":0,"most":3}
{"id":6,"amount":20,"payers":0,"most":3}
{"id":8,"amount":20,"payers":0,"most":3}
{"id":8,"amount":20,"payers":0,"most":3}
{"id":0,"amount":5,"payers":4,"most":2}
{"id":15,"amount":5,"payers":4,"most":2}
{"id":15,"amount":5,"payers":4,"most":2}
{"id":17,"amount":5,"payers":4,"most":2}
{"id":18,"amount":5,"payers":4,"most":2}
{"id":21,"amount":5,"payers":4,"most":2}
{"id":3,"amount":5,"payers":4,"most":2}
{"id":35,"amount":5,"payers":4,"most":2}
{"id":7,"amount":5,"payers":4,"most":2}
{"id":25,"amount":8,"payers":4,"most":2}
{"id":26,"amount":8,"payers":4,"most":2}
{"id":29,"amount":8,"payers":4,"most":2}
{"id":32,"amount":8,"payers":4,"most":2}
