--- use tables.sql
INSERT INTO out
SELECT o.id, a.word AS own, b.word AS twice FROM orders o
LEFT JOIN amounts a ON o.amount = a.amount LEFT JOIN amounts b ON o.amount * 2 = b.amount;

--- expect out
{"id":0,"own":"five","twice":"ten"}
{"id":1,"own":"twenty","twice":null}
{"id":10,"own":"ten","twice":"twenty"}
{"id":11,"own":null,"twice":null}
{"id":12,"own":"twenty","twice":null}
{"id":13,"own":"ten","twice":"twenty"}
{"id":14,"own":"eight","twice":null}
{"id":15,"own":"five","twice":"ten"}
{"id":15,"own":"five","twice":"ten"}
{"id":16,"own":"ten","twice":"twenty"}
{"id":17,"own":"five","twice":"ten"}
{"id":18,"own":"five","twice":"ten"}
{"id":19,"own":"ten","twice":"twenty"}
{"id":2,"own":"ten","twice":"twenty"}
{"id":20,"own":"ten","twice":"twenty"}
{"id":21,"own":"five","twice":"ten"}
{"id":22,"own":"ten","twice":"twenty"}
{"id":23,"own":"ten","twice":"twenty"}
{"id":24,"own":"ten","twice":"twenty"}
{"id":25,"own":"eight","twice":null}
{"id":26,"own":"eight","twice":null}
{"id":27,"own":"ten","twice":"twenty"}
{"id":28,"own":"twenty","twice":null}
{"id":29,"own":"eight","twice":null}
{"id":3,"own":"five","twice":"ten"}
{"id":30,"own":"ten","twice":"twenty"}
{"id":31,"own":null,"twice":null}
{"id":32,"own":"eight","twice":null}
{"id":33,"own":"twenty","twice":null}
{"id":34,"own":"twenty","twice":null}
{"id":35,"own":"five","twice":"ten"}
{"id":4,"own":"twenty","twice":null}
{"id":4,"own":"twenty","twice":null}
{"id":5,"own":"twenty","twice":null}
{"id":6,"own":"twenty","twice":null}
{"id":7,"own":"five","twice":"ten"}
{"id":8,"own":"twenty","twice":null}
{"id":8,"own":"twenty","twice":null}
{"id":9,"own":null,"twice":null}
