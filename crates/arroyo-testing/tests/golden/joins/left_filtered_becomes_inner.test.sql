--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.id = p.order_id WHERE p.amount > 5;

--- expect out
{"id":0,"payment":133}
{"id":11,"payment":109}
{"id":11,"payment":116}
{"id":12,"payment":123}
{"id":13,"payment":113}
{"id":16,"payment":111}
{"id":20,"payment":114}
{"id":21,"payment":112}
{"id":22,"payment":107}
{"id":23,"payment":100}
{"id":28,"payment":102}
{"id":29,"payment":120}
{"id":32,"payment":110}
{"id":32,"payment":110}
{"id":32,"payment":122}
{"id":33,"payment":108}
{"id":33,"payment":125}
{"id":34,"payment":131}
{"id":4,"payment":117}
{"id":4,"payment":117}
{"id":4,"payment":118}
{"id":4,"payment":118}
{"id":7,"payment":127}
{"id":8,"payment":103}
{"id":8,"payment":103}
{"id":8,"payment":103}
{"id":8,"payment":103}
