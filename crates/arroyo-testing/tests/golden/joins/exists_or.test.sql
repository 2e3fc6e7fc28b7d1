--- use tables.sql
INSERT INTO changes
SELECT id, item FROM orders o WHERE item = 'cup' OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id);

--- expect changes
{"id":0,"item":"cup"}
{"id":1,"item":"cup"}
{"id":10,"item":null}
{"id":11,"item":"hat"}
{"id":12,"item":"pen"}
{"id":13,"item":null}
{"id":16,"item":"pen"}
{"id":18,"item":"cup"}
{"id":2,"item":null}
{"id":20,"item":null}
{"id":21,"item":null}
{"id":22,"item":"hat"}
{"id":23,"item":"hat"}
{"id":28,"item":null}
{"id":29,"item":"pen"}
{"id":31,"item":null}
{"id":32,"item":"cup"}
{"id":33,"item":"pen"}
{"id":34,"item":"hat"}
{"id":35,"item":"cup"}
{"id":4,"item":"cup"}
{"id":4,"item":"cup"}
{"id":5,"item":"cup"}
{"id":7,"item":"hat"}
{"id":8,"item":"cup"}
{"id":8,"item":"cup"}
{"id":9,"item":null}
