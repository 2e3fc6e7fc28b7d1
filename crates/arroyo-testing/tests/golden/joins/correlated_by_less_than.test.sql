--- use tables.sql
INSERT INTO changes
SELECT o.id, o.amount,
    (SELECT max(p.amount) FROM payments p WHERE p.amount < o.amount) AS below,
    (SELECT count(*) FROM payments p WHERE p.amount < o.amount AND p.payer = o.customer) AS of_own,
    (SELECT sum(p.amount) FROM payments p WHERE p.at BETWEEN o.at - INTERVAL '1 second' AND o.at) AS around
FROM orders o;

--- expect changes
{"id":10,"amount":10,"below":8,"of_own":0,"around":10}
{"id":2,"amount":10,"below":8,"of_own":3,"around":5}
{"id":20,"amount":10,"below":8,"of_own":3,"around":5}
{"id":27,"amount":10,"below":8,"of_own":0,"around":8}
{"id":30,"amount":10,"below":8,"of_own":0,"around":8}
{"id":13,"amount":10,"below":8,"of_own":0,"around":null}
{"id":16,"amount":10,"below":8,"of_own":3,"around":null}
{"id":19,"amount":10,"below":8,"of_own":0,"around":null}
{"id":22,"amount":10,"below":8,"of_own":3,"around":null}
{"id":23,"amount":10,"below":8,"of_own":3,"around":null}
{"id":24,"amount":10,"below":8,"of_own":3,"around":null}
{"id":12,"amount":20,"below":10,"of_own":7,"around":20}
{"id":8,"amount":20,"below":10,"of_own":8,"around":20}
{"id":8,"amount":20,"below":10,"of_own":8,"around":20}
{"id":5,"amount":20,"below":10,"of_own":8,"around":30}
{"id":6,"amount":20,"below":10,"of_own":0,"around":30}
{"id":1,"amount":20,"below":10,"of_own":7,"around":35}
{"id":28,"amount":20,"below":10,"of_own":8,"around":5}
{"id":4,"amount":20,"below":10,"of_own":0,"around":5}
{"id":4,"amount":20,"below":10,"of_own":0,"around":5}
{"id":33,"amount":20,"below":10,"of_own":8,"around":null}
{"id":34,"amount":20,"below":10,"of_own":8,"around":null}
{"id":0,"amount":5,"below":null,"of_own":0,"around":20}
{"id":18,"amount":5,"below":null,"of_own":0,"around":20}
{"id":21,"amount":5,"below":null,"of_own":0,"around":20}
{"id":15,"amount":5,"below":null,"of_own":0,"around":21}
{"id":15,"amount":5,"below":null,"of_own":0,"around":21}
{"id":17,"amount":5,"below":null,"of_own":0,"around":30}
{"id":3,"amount":5,"below":null,"of_own":0,"around":5}
{"id":35,"amount":5,"below":null,"of_own":0,"around":null}
{"id":7,"amount":5,"below":null,"of_own":0,"around":null}
{"id":25,"amount":8,"below":5,"of_own":1,"around":10}
{"id":29,"amount":8,"below":5,"of_own":1,"around":18}
{"id":32,"amount":8,"below":5,"of_own":1,"around":8}
{"id":14,"amount":8,"below":5,"of_own":1,"around":null}
{"id":26,"amount":8,"below":5,"of_own":1,"around":null}
{"id":9,"amount":null,"below":null,"of_own":0,"around":5}
{"id":11,"amount":null,"below":null,"of_own":0,"around":null}
{"id":31,"amount":null,"below":null,"of_own":0,"around":null}
