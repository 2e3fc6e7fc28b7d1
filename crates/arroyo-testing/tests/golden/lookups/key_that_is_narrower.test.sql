--- use tables.sql
INSERT INTO out
SELECT o.id, o.total, a.word, a.amount
FROM (SELECT id, CASE WHEN id < 10 THEN amount::BIGINT + 4294967296 ELSE amount END AS total FROM orders) o
LEFT JOIN small_amounts a ON o.total = a.amount;

--- expect out
{"id":10,"total":10,"word":"ten","amount":10}
{"id":13,"total":10,"word":"ten","amount":10}
{"id":16,"total":10,"word":"ten","amount":10}
{"id":19,"total":10,"word":"ten","amount":10}
{"id":20,"total":10,"word":"ten","amount":10}
{"id":22,"total":10,"word":"ten","amount":10}
{"id":23,"total":10,"word":"ten","amount":10}
{"id":24,"total":10,"word":"ten","amount":10}
{"id":27,"total":10,"word":"ten","amount":10}
{"id":30,"total":10,"word":"ten","amount":10}
{"id":12,"total":20,"word":"twenty","amount":20}
{"id":28,"total":20,"word":"twenty","amount":20}
{"id":33,"total":20,"word":"twenty","amount":20}
{"id":34,"total":20,"word":"twenty","amount":20}
{"id":15,"total":5,"word":"five","amount":5}
{"id":15,"total":5,"word":"five","amount":5}
{"id":17,"total":5,"word":"five","amount":5}
{"id":18,"total":5,"word":"five","amount":5}
{"id":21,"total":5,"word":"five","amount":5}
{"id":35,"total":5,"word":"five","amount":5}
{"id":14,"total":8,"word":"eight","amount":8}
{"id":25,"total":8,"word":"eight","amount":8}
{"id":26,"total":8,"word":"eight","amount":8}
{"id":29,"total":8,"word":"eight","amount":8}
{"id":32,"total":8,"word":"eight","amount":8}
{"id":0,"total":4294967301,"word":null,"amount":null}
{"id":1,"total":4294967316,"word":null,"amount":null}
{"id":11,"total":null,"word":null,"amount":null}
{"id":2,"total":4294967306,"word":null,"amount":null}
{"id":3,"total":4294967301,"word":null,"amount":null}
{"id":31,"total":null,"word":null,"amount":null}
{"id":4,"total":4294967316,"word":null,"amount":null}
{"id":4,"total":4294967316,"word":null,"amount":null}
{"id":5,"total":4294967316,"word":null,"amount":null}
{"id":6,"total":4294967316,"word":null,"amount":null}
{"id":7,"total":4294967301,"word":null,"amount":null}
{"id":8,"total":4294967316,"word":null,"amount":null}
{"id":8,"total":4294967316,"word":null,"amount":null}
{"id":9,"total":null,"word":null,"amount":null}
