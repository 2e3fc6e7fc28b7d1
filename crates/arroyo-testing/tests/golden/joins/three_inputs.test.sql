--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment, n.city FROM orders o JOIN payments p ON o.id = p.order_id JOIN people n ON n.name = p.payer;

--- expect out
{"id":0,"payment":119,"city":"Oslo"}
{"id":0,"payment":133,"city":"Oslo"}
{"id":1,"payment":132,"city":"Oslo"}
{"id":10,"payment":128,"city":"Oslo"}
{"id":11,"payment":109,"city":"Oslo"}
{"id":11,"payment":116,"city":null}
{"id":12,"payment":123,"city":"Oslo"}
{"id":13,"payment":113,"city":"Oslo"}
{"id":16,"payment":111,"city":null}
{"id":2,"payment":130,"city":"Bern"}
{"id":2,"payment":130,"city":"Rome"}
{"id":20,"payment":114,"city":"Oslo"}
{"id":21,"payment":112,"city":null}
{"id":22,"payment":101,"city":null}
{"id":22,"payment":105,"city":"Oslo"}
{"id":22,"payment":107,"city":"Oslo"}
{"id":23,"payment":100,"city":"Oslo"}
{"id":28,"payment":102,"city":null}
{"id":31,"payment":124,"city":"Oslo"}
{"id":32,"payment":110,"city":null}
{"id":32,"payment":110,"city":null}
{"id":33,"payment":108,"city":"Oslo"}
{"id":33,"payment":125,"city":null}
{"id":34,"payment":121,"city":"Oslo"}
{"id":34,"payment":131,"city":"Oslo"}
{"id":7,"payment":127,"city":"Oslo"}
{"id":8,"payment":103,"city":"Oslo"}
{"id":8,"payment":103,"city":"Oslo"}
{"id":8,"payment":103,"city":"Oslo"}
{"id":8,"payment":103,"city":"Oslo"}
{"id":8,"payment":129,"city":null}
{"id":8,"payment":129,"city":null}
{"id":9,"payment":104,"city":"Oslo"}
