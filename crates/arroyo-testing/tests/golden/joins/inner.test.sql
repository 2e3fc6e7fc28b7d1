--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment, o.amount, p.amount AS paid FROM orders o JOIN payments p ON o.id = p.order_id;

--- expect out
{"id":0,"payment":119,"amount":5,"paid":null}
{"id":0,"payment":133,"amount":5,"paid":20}
{"id":1,"payment":132,"amount":20,"paid":null}
{"id":10,"payment":128,"amount":10,"paid":5}
{"id":11,"payment":109,"amount":null,"paid":20}
{"id":11,"payment":116,"amount":null,"paid":8}
{"id":12,"payment":123,"amount":20,"paid":10}
{"id":13,"payment":113,"amount":10,"paid":8}
{"id":16,"payment":111,"amount":10,"paid":10}
{"id":18,"payment":106,"amount":5,"paid":5}
{"id":2,"payment":130,"amount":10,"paid":null}
{"id":20,"payment":114,"amount":10,"paid":20}
{"id":21,"payment":112,"amount":5,"paid":10}
{"id":21,"payment":115,"amount":5,"paid":5}
{"id":22,"payment":101,"amount":10,"paid":5}
{"id":22,"payment":105,"amount":10,"paid":null}
{"id":22,"payment":107,"amount":10,"paid":10}
{"id":23,"payment":100,"amount":10,"paid":10}
{"id":28,"payment":102,"amount":20,"paid":20}
{"id":28,"payment":126,"amount":20,"paid":null}
{"id":29,"payment":120,"amount":8,"paid":10}
{"id":31,"payment":124,"amount":null,"paid":null}
{"id":32,"payment":110,"amount":8,"paid":10}
{"id":32,"payment":110,"amount":8,"paid":10}
{"id":32,"payment":122,"amount":8,"paid":8}
{"id":33,"payment":108,"amount":20,"paid":10}
{"id":33,"payment":125,"amount":20,"paid":8}
{"id":34,"payment":121,"amount":20,"paid":5}
{"id":34,"payment":131,"amount":20,"paid":8}
{"id":4,"payment":117,"amount":20,"paid":20}
{"id":4,"payment":117,"amount":20,"paid":20}
{"id":4,"payment":118,"amount":20,"paid":8}
{"id":4,"payment":118,"amount":20,"paid":8}
{"id":7,"payment":127,"amount":5,"paid":8}
{"id":8,"payment":103,"amount":20,"paid":10}
{"id":8,"payment":103,"amount":20,"paid":10}
{"id":8,"payment":103,"amount":20,"paid":10}
{"id":8,"payment":103,"amount":20,"paid":10}
{"id":8,"payment":129,"amount":20,"paid":null}
{"id":8,"payment":129,"amount":20,"paid":null}
{"id":9,"payment":104,"amount":null,"paid":5}
