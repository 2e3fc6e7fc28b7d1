--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o JOIN payments p ON o.id + 1 = p.order_id * 2;

--- expect out
{"id":1,"payment":132}
{"id":13,"payment":127}
{"id":15,"payment":103}
{"id":15,"payment":103}
{"id":15,"payment":103}
{"id":15,"payment":103}
{"id":15,"payment":129}
{"id":15,"payment":129}
{"id":17,"payment":104}
{"id":19,"payment":128}
{"id":21,"payment":109}
{"id":21,"payment":116}
{"id":23,"payment":123}
{"id":25,"payment":113}
{"id":3,"payment":130}
{"id":31,"payment":111}
{"id":35,"payment":106}
{"id":7,"payment":117}
{"id":7,"payment":118}
