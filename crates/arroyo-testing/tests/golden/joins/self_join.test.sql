--- use tables.sql
INSERT INTO out
SELECT a.id, b.id AS other FROM orders a JOIN orders b ON a.customer = b.customer AND a.id < b.id AND a.item = b.item;

--- expect out
{"id":0,"other":18}
{"id":1,"other":35}
{"id":12,"other":16}
{"id":12,"other":29}
{"id":16,"other":29}
{"id":22,"other":23}
{"id":22,"other":24}
{"id":22,"other":26}
{"id":22,"other":34}
{"id":23,"other":24}
{"id":23,"other":26}
{"id":23,"other":34}
{"id":24,"other":26}
{"id":24,"other":34}
{"id":26,"other":34}
{"id":5,"other":32}
{"id":5,"other":8}
{"id":5,"other":8}
{"id":6,"other":27}
{"id":7,"other":22}
{"id":7,"other":23}
{"id":7,"other":24}
{"id":7,"other":26}
{"id":7,"other":34}
{"id":8,"other":32}
{"id":8,"other":32}
