--- use tables.sql
INSERT INTO out
SELECT o.id, c.country
FROM orders o JOIN (VALUES ('ann', 'NO'), ('bob', 'IT'), (NULL, 'XX')) AS c(name, country) ON o.customer = c.name;

--- expect out
{"id":0,"country":"IT"}
{"id":10,"country":"IT"}
{"id":15,"country":"IT"}
{"id":15,"country":"IT"}
{"id":17,"country":"IT"}
{"id":18,"country":"IT"}
{"id":2,"country":"NO"}
{"id":20,"country":"NO"}
{"id":21,"country":"NO"}
{"id":22,"country":"NO"}
{"id":23,"country":"NO"}
{"id":24,"country":"NO"}
{"id":25,"country":"NO"}
{"id":26,"country":"NO"}
{"id":27,"country":"IT"}
{"id":28,"country":"NO"}
{"id":3,"country":"NO"}
{"id":31,"country":"NO"}
{"id":32,"country":"NO"}
{"id":33,"country":"NO"}
{"id":34,"country":"NO"}
{"id":5,"country":"NO"}
{"id":6,"country":"IT"}
{"id":7,"country":"NO"}
{"id":8,"country":"NO"}
{"id":8,"country":"NO"}
{"id":9,"country":"NO"}
