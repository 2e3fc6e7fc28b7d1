--- use tables.sql
INSERT INTO out
SELECT o.id, i.label, i.weight * o.amount AS total FROM orders o JOIN items i ON lower(upper(o.item)) = i.item;

--- expect out
{"id":0,"label":"Cup of tea","total":2.5}
{"id":1,"label":"Cup of tea","total":10.0}
{"id":11,"label":"Hat","total":null}
{"id":18,"label":"Cup of tea","total":2.5}
{"id":22,"label":"Hat","total":2.5}
{"id":23,"label":"Hat","total":2.5}
{"id":24,"label":"Hat","total":2.5}
{"id":26,"label":"Hat","total":2.0}
{"id":27,"label":"Hat","total":2.5}
{"id":32,"label":"Cup of tea","total":4.0}
{"id":34,"label":"Hat","total":5.0}
{"id":35,"label":"Cup of tea","total":2.5}
{"id":4,"label":"Cup of tea","total":10.0}
{"id":4,"label":"Cup of tea","total":10.0}
{"id":5,"label":"Cup of tea","total":10.0}
{"id":6,"label":"Hat","total":5.0}
{"id":7,"label":"Hat","total":1.25}
{"id":8,"label":"Cup of tea","total":10.0}
{"id":8,"label":"Cup of tea","total":10.0}
