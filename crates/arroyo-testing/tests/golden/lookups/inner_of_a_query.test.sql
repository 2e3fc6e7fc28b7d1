--- use tables.sql
INSERT INTO out
SELECT o.id, c.label FROM orders o JOIN (SELECT name, upper(city) || level AS label FROM customers WHERE level > 1) c ON c.name = o.customer;

--- expect out
{"id":0,"label":"ROME2"}
{"id":1,"label":null}
{"id":10,"label":"ROME2"}
{"id":12,"label":null}
{"id":14,"label":null}
{"id":15,"label":"ROME2"}
{"id":15,"label":"ROME2"}
{"id":16,"label":null}
{"id":17,"label":"ROME2"}
{"id":18,"label":"ROME2"}
{"id":27,"label":"ROME2"}
{"id":29,"label":null}
{"id":35,"label":null}
{"id":6,"label":"ROME2"}
