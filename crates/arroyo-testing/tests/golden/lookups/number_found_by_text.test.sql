--- use tables.sql
INSERT INTO out
SELECT o.id, o.code, a.word
FROM (SELECT id, CASE WHEN id < 10 THEN '0' || amount::TEXT WHEN id < 20 THEN amount::TEXT ELSE item END AS code FROM orders) o
LEFT JOIN amounts a ON o.code = CAST(a.amount AS TEXT);

--- expect out
{"id":2,"code":"010","word":null}
{"id":1,"code":"020","word":null}
{"id":4,"code":"020","word":null}
{"id":4,"code":"020","word":null}
{"id":5,"code":"020","word":null}
{"id":6,"code":"020","word":null}
{"id":8,"code":"020","word":null}
{"id":8,"code":"020","word":null}
{"id":0,"code":"05","word":null}
{"id":3,"code":"05","word":null}
{"id":7,"code":"05","word":null}
{"id":10,"code":"10","word":"ten"}
{"id":13,"code":"10","word":"ten"}
{"id":16,"code":"10","word":"ten"}
{"id":19,"code":"10","word":"ten"}
{"id":12,"code":"20","word":"twenty"}
{"id":15,"code":"5","word":"five"}
{"id":15,"code":"5","word":"five"}
{"id":17,"code":"5","word":"five"}
{"id":18,"code":"5","word":"five"}
{"id":14,"code":"8","word":"eight"}
{"id":32,"code":"cup","word":null}
{"id":35,"code":"cup","word":null}
{"id":22,"code":"hat","word":null}
{"id":23,"code":"hat","word":null}
{"id":24,"code":"hat","word":null}
{"id":26,"code":"hat","word":null}
{"id":27,"code":"hat","word":null}
{"id":34,"code":"hat","word":null}
{"id":29,"code":"pen","word":null}
{"id":33,"code":"pen","word":null}
{"id":11,"code":null,"word":null}
{"id":20,"code":null,"word":null}
{"id":21,"code":null,"word":null}
{"id":25,"code":null,"word":null}
{"id":28,"code":null,"word":null}
{"id":30,"code":null,"word":null}
{"id":31,"code":null,"word":null}
{"id":9,"code":null,"word":null}
