--- use ../tables.sql
INSERT INTO out
SELECT id, item['name'] AS name, item.weight * 1000 AS grams FROM bids WHERE item.weight IS NOT NULL;

--- expect out
{"id":0,"name":"hat","grams":1500.0}
{"id":1,"name":"cup","grams":1500.0}
{"id":10,"name":"pen","grams":1500.0}
{"id":11,"name":"cup","grams":12000.0}
{"id":12,"name":"cup","grams":12000.0}
{"id":13,"name":"hat","grams":250.0}
{"id":15,"name":"cup","grams":12000.0}
{"id":16,"name":"pen","grams":1500.0}
{"id":19,"name":"pen","grams":250.0}
{"id":2,"name":"hat","grams":1500.0}
{"id":20,"name":"pen","grams":250.0}
{"id":22,"name":"pen","grams":250.0}
{"id":23,"name":"cup","grams":12000.0}
{"id":24,"name":"pen","grams":250.0}
{"id":25,"name":"hat","grams":1500.0}
{"id":26,"name":"pen","grams":12000.0}
{"id":27,"name":"pen","grams":250.0}
{"id":28,"name":"pen","grams":250.0}
{"id":3,"name":"cup","grams":250.0}
{"id":31,"name":"pen","grams":1500.0}
{"id":32,"name":"hat","grams":1500.0}
{"id":34,"name":"cup","grams":250.0}
{"id":35,"name":"cup","grams":250.0}
{"id":36,"name":"hat","grams":250.0}
{"id":38,"name":"hat","grams":250.0}
{"id":39,"name":"cup","grams":1500.0}
{"id":4,"name":"pen","grams":1500.0}
{"id":7,"name":"cup","grams":250.0}
