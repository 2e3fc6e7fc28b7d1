--- use tables.sql
INSERT INTO changes
SELECT id, item FROM orders o WHERE item = 'cup' OR customer IN (SELECT name FROM people WHERE city = 'Rome');

--- expect changes
{"id":0,"item":"cup"}
{"id":1,"item":"cup"}
{"id":10,"item":null}
{"id":15,"item":null}
{"id":15,"item":null}
{"id":17,"item":null}
{"id":18,"item":"cup"}
{"id":27,"item":"hat"}
{"id":32,"item":"cup"}
{"id":35,"item":"cup"}
{"id":4,"item":"cup"}
{"id":4,"item":"cup"}
{"id":5,"item":"cup"}
{"id":6,"item":"hat"}
{"id":8,"item":"cup"}
{"id":8,"item":"cup"}
