--- use tables.sql
INSERT INTO out
SELECT id, item, amount, price FROM orders NATURAL JOIN prices;

--- expect out
{"id":16,"item":"pen","amount":10,"price":0.35}
{"id":22,"item":"hat","amount":10,"price":9.0}
{"id":23,"item":"hat","amount":10,"price":9.0}
{"id":24,"item":"hat","amount":10,"price":9.0}
{"id":27,"item":"hat","amount":10,"price":9.0}
{"id":1,"item":"cup","amount":20,"price":1.25}
{"id":34,"item":"hat","amount":20,"price":8.0}
{"id":4,"item":"cup","amount":20,"price":1.25}
{"id":4,"item":"cup","amount":20,"price":1.25}
{"id":5,"item":"cup","amount":20,"price":1.25}
{"id":6,"item":"hat","amount":20,"price":8.0}
{"id":8,"item":"cup","amount":20,"price":1.25}
{"id":8,"item":"cup","amount":20,"price":1.25}
{"id":0,"item":"cup","amount":5,"price":1.5}
{"id":18,"item":"cup","amount":5,"price":1.5}
{"id":35,"item":"cup","amount":5,"price":1.5}
{"id":29,"item":"pen","amount":8,"price":0.4}
