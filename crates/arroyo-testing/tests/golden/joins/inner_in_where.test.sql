--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o, payments p WHERE o.id = p.order_id AND p.amount > 5 AND o.item <> 'hat';

--- expect out
{"id":0,"payment":133}
{"id":12,"payment":123}
{"id":16,"payment":111}
{"id":29,"payment":120}
{"id":32,"payment":110}
{"id":32,"payment":110}
{"id":32,"payment":122}
{"id":33,"payment":108}
{"id":33,"payment":125}
{"id":4,"payment":117}
{"id":4,"payment":117}
{"id":4,"payment":118}
{"id":4,"payment":118}
{"id":8,"payment":103}
{"id":8,"payment":103}
{"id":8,"payment":103}
{"id":8,"payment":103}
