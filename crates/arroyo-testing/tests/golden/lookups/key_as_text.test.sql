--- use tables.sql
INSERT INTO out
SELECT o.id, o.amount, k.word FROM orders o LEFT JOIN codes k ON CAST(o.amount AS TEXT) = k.code;

--- expect out
{"id":10,"amount":10,"word":"ten"}
{"id":13,"amount":10,"word":"ten"}
{"id":16,"amount":10,"word":"ten"}
{"id":19,"amount":10,"word":"ten"}
{"id":2,"amount":10,"word":"ten"}
{"id":20,"amount":10,"word":"ten"}
{"id":22,"amount":10,"word":"ten"}
{"id":23,"amount":10,"word":"ten"}
{"id":24,"amount":10,"word":"ten"}
{"id":27,"amount":10,"word":"ten"}
{"id":30,"amount":10,"word":"ten"}
{"id":1,"amount":20,"word":null}
{"id":12,"amount":20,"word":null}
{"id":28,"amount":20,"word":null}
{"id":33,"amount":20,"word":null}
{"id":34,"amount":20,"word":null}
{"id":4,"amount":20,"word":null}
{"id":4,"amount":20,"word":null}
{"id":5,"amount":20,"word":null}
{"id":6,"amount":20,"word":null}
{"id":8,"amount":20,"word":null}
{"id":8,"amount":20,"word":null}
{"id":0,"amount":5,"word":"five"}
{"id":15,"amount":5,"word":"five"}
{"id":15,"amount":5,"word":"five"}
{"id":17,"amount":5,"word":"five"}
{"id":18,"amount":5,"word":"five"}
{"id":21,"amount":5,"word":"five"}
{"id":3,"amount":5,"word":"five"}
{"id":35,"amount":5,"word":"five"}
{"id":7,"amount":5,"word":"five"}
{"id":14,"amount":8,"word":null}
{"id":25,"amount":8,"word":null}
{"id":26,"amount":8,"word":null}
{"id":29,"amount":8,"word":null}
{"id":32,"amount":8,"word":null}
{"id":11,"amount":null,"word":null}
{"id":31,"amount":null,"word":null}
{"id":9,"amount":null,"word":null}
