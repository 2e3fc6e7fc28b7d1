--- use tables.sql
INSERT INTO out
SELECT id, item, amount, price FROM orders LEFT JOIN prices USING (amount, item);

--- expect out
{"id":10,"item":null,"amount":10,"price":null}
{"id":13,"item":null,"amount":10,"price":null}
{"id":16,"item":"pen","amount":10,"price":0.35}
{"id":19,"item":null,"amount":10,"price":null}
{"id":2,"item":null,"amount":10,"price":null}
{"id":20,"item":null,"amount":10,"price":null}
{"id":22,"item":"hat","amount":10,"price":9.0}
{"id":23,"item":"hat","amount":10,"price":9.0}
{"id":24,"item":"hat","amount":10,"price":9.0}
{"id":27,"item":"hat","amount":10,"price":9.0}
{"id":30,"item":null,"amount":10,"price":null}
{"id":1,"item":"cup","amount":20,"price":1.25}
{"id":12,"item":"pen","amount":20,"price":null}
{"id":28,"item":null,"amount":20,"price":null}
{"id":33,"item":"pen","amount":20,"price":null}
{"id":34,"item":"hat","amount":20,"price":8.0}
{"id":4,"item":"cup","amount":20,"price":1.25}
{"id":4,"item":"cup","amount":20,"price":1.25}
{"id":5,"item":"cup","amount":20,"price":1.25}
{"id":6,"item":"hat","amount":20,"price":8.0}
{"id":8,"item":"cup","amount":20,"price":1.25}
{"id":8,"item":"cup","amount":20,"price":1.25}
{"id":0,"item":"cup","amount":5,"price":1.5}
{"id":15,"item":null,"amount":5,"price":null}
{"id":15,"item":null,"amount":5,"price":null}
{"id":17,"item":null,"amount":5,"price":null}
{"id":18,"item":"cup","amount":5,"price":1.5}
{"id":21,"item":null,"amount":5,"price":null}
{"id":3,"item":null,"amount":5,"price":null}
{"id":35,"item":"cup","amount":5,"price":1.5}
{"id":7,"item":"hat","amount":5,"price":null}
{"id":14,"item":null,"amount":8,"price":null}
{"id":25,"item":null,"amount":8,"price":null}
{"id":26,"item":"hat","amount":8,"price":null}
{"id":29,"item":"pen","amount":8,"price":0.4}
{"id":32,"item":"cup","amount":8,"price":null}
{"id":11,"item":"hat","amount":null,"price":null}
{"id":31,"item":null,"amount":null,"price":null}
{"id":9,"item":null,"amount":null,"price":null}
