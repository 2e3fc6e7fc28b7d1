--- use tables.sql
INSERT INTO changes
SELECT o.id, p.id AS payment, p.payer FROM orders o RIGHT JOIN payments p ON o.id = p.order_id;

--- expect changes
{"id":0,"payer":"ann","payment":119}
{"id":0,"payer":"ann","payment":133}
{"id":1,"payer":"ann","payment":132}
{"id":10,"payer":"eve","payment":128}
{"id":11,"payer":"ann","payment":109}
{"id":11,"payer":"cid","payment":116}
{"id":12,"payer":"ann","payment":123}
{"id":13,"payer":"ann","payment":113}
{"id":16,"payer":"cid","payment":111}
{"id":18,"payer":null,"payment":106}
{"id":2,"payer":"bob","payment":130}
{"id":20,"payer":"ann","payment":114}
{"id":21,"payer":"cid","payment":112}
{"id":21,"payer":null,"payment":115}
{"id":22,"payer":"ann","payment":105}
{"id":22,"payer":"ann","payment":107}
{"id":22,"payer":"cid","payment":101}
{"id":23,"payer":"ann","payment":100}
{"id":28,"payer":"cid","payment":102}
{"id":28,"payer":null,"payment":126}
{"id":29,"payer":null,"payment":120}
{"id":31,"payer":"ann","payment":124}
{"id":32,"payer":"cid","payment":110}
{"id":32,"payer":"cid","payment":110}
{"id":32,"payer":null,"payment":122}
{"id":33,"payer":"cid","payment":125}
{"id":33,"payer":"eve","payment":108}
{"id":34,"payer":"ann","payment":121}
{"id":34,"payer":"ann","payment":131}
{"id":4,"payer":null,"payment":117}
{"id":4,"payer":null,"payment":117}
{"id":4,"payer":null,"payment":118}
{"id":4,"payer":null,"payment":118}
{"id":7,"payer":"eve","payment":127}
{"id":8,"payer":"ann","payment":103}
{"id":8,"payer":"ann","payment":103}
{"id":8,"payer":"ann","payment":103}
{"id":8,"payer":"ann","payment":103}
{"id":8,"payer":"cid","payment":129}
{"id":8,"payer":"cid","payment":129}
{"id":9,"payer":"eve","payment":104}
