--- use tables.sql
INSERT INTO out
SELECT id, item, label FROM orders JOIN items USING (item);

--- expect out
{"id":0,"item":"cup","label":"Cup of tea"}
{"id":1,"item":"cup","label":"Cup of tea"}
{"id":11,"item":"hat","label":"Hat"}
{"id":18,"item":"cup","label":"Cup of tea"}
{"id":22,"item":"hat","label":"Hat"}
{"id":23,"item":"hat","label":"Hat"}
{"id":24,"item":"hat","label":"Hat"}
{"id":26,"item":"hat","label":"Hat"}
{"id":27,"item":"hat","label":"Hat"}
{"id":32,"item":"cup","label":"Cup of tea"}
{"id":34,"item":"hat","label":"Hat"}
{"id":35,"item":"cup","label":"Cup of tea"}
{"id":4,"item":"cup","label":"Cup of tea"}
{"id":4,"item":"cup","label":"Cup of tea"}
{"id":5,"item":"cup","label":"Cup of tea"}
{"id":6,"item":"hat","label":"Hat"}
{"id":7,"item":"hat","label":"Hat"}
{"id":8,"item":"cup","label":"Cup of tea"}
{"id":8,"item":"cup","label":"Cup of tea"}
