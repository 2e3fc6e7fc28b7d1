--- use tables.sql
INSERT INTO changes
SELECT j.id, j.payment FROM (SELECT o.id, o.customer, p.id AS payment FROM orders o LEFT JOIN payments p ON o.id = p.order_id) j WHERE NOT EXISTS (SELECT 1 FROM people n WHERE n.name = j.customer);

--- expect changes
{"id":11,"payment":109}
{"id":11,"payment":116}
{"id":13,"payment":113}
{"id":19,"payment":null}
{"id":30,"payment":null}
{"id":4,"payment":117}
{"id":4,"payment":117}
{"id":4,"payment":118}
{"id":4,"payment":118}
