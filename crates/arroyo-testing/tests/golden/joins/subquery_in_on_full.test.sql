--- use tables.sql
INSERT INTO changes
SELECT p.name, y.id FROM people p
FULL JOIN payments y ON p.name = y.payer AND p.age < (SELECT avg(age) FROM people) AND y.amount >= ALL (SELECT amount FROM orders WHERE id < 6);

--- expect changes
{"name":null,"id":100}
{"name":null,"id":101}
{"name":"cid","id":102}
{"name":null,"id":103}
{"name":null,"id":103}
{"name":null,"id":104}
{"name":null,"id":105}
{"name":null,"id":106}
{"name":null,"id":107}
{"name":null,"id":108}
{"name":"ann","id":109}
{"name":null,"id":110}
{"name":null,"id":110}
{"name":null,"id":111}
{"name":null,"id":112}
{"name":null,"id":113}
{"name":"ann","id":114}
{"name":null,"id":115}
{"name":null,"id":116}
{"name":null,"id":117}
{"name":null,"id":118}
{"name":null,"id":119}
{"name":null,"id":120}
{"name":null,"id":121}
{"name":null,"id":122}
{"name":null,"id":123}
{"name":null,"id":124}
{"name":null,"id":125}
{"name":null,"id":126}
{"name":null,"id":127}
{"name":null,"id":128}
{"name":null,"id":129}
{"name":null,"id":130}
{"name":null,"id":131}
{"name":null,"id":132}
{"name":"ann","id":133}
{"name":"bob","id":null}
{"name":"bob","id":null}
{"name":"dee","id":null}
{"name":"eve","id":null}
{"name":null,"id":null}
