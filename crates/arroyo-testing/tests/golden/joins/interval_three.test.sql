--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment, n.name FROM orders o JOIN payments p ON o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second' JOIN people n ON n.name = o.customer AND n.at < o.at;

--- expect out
{"id":12,"payment":110,"name":"cid"}
{"id":12,"payment":110,"name":"cid"}
{"id":12,"payment":111,"name":"cid"}
{"id":14,"payment":116,"name":"cid"}
{"id":16,"payment":110,"name":"cid"}
{"id":16,"payment":110,"name":"cid"}
{"id":16,"payment":111,"name":"cid"}
{"id":2,"payment":103,"name":"ann"}
{"id":2,"payment":103,"name":"ann"}
{"id":2,"payment":105,"name":"ann"}
{"id":2,"payment":107,"name":"ann"}
{"id":20,"payment":119,"name":"ann"}
{"id":20,"payment":121,"name":"ann"}
{"id":21,"payment":114,"name":"ann"}
{"id":22,"payment":119,"name":"ann"}
{"id":23,"payment":119,"name":"ann"}
{"id":24,"payment":119,"name":"ann"}
{"id":25,"payment":123,"name":"ann"}
{"id":26,"payment":124,"name":"ann"}
{"id":27,"payment":130,"name":"bob"}
{"id":27,"payment":130,"name":"bob"}
{"id":29,"payment":125,"name":"cid"}
{"id":3,"payment":103,"name":"ann"}
{"id":3,"payment":103,"name":"ann"}
{"id":3,"payment":105,"name":"ann"}
{"id":3,"payment":107,"name":"ann"}
{"id":31,"payment":133,"name":"ann"}
{"id":32,"payment":131,"name":"ann"}
{"id":32,"payment":132,"name":"ann"}
{"id":5,"payment":103,"name":"ann"}
{"id":5,"payment":103,"name":"ann"}
{"id":5,"payment":109,"name":"ann"}
{"id":7,"payment":105,"name":"ann"}
{"id":7,"payment":107,"name":"ann"}
{"id":8,"payment":109,"name":"ann"}
{"id":8,"payment":109,"name":"ann"}
{"id":9,"payment":103,"name":"ann"}
{"id":9,"payment":103,"name":"ann"}
{"id":9,"payment":107,"name":"ann"}
