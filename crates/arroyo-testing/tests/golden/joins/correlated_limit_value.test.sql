--- use tables.sql
INSERT INTO changes
SELECT o.id,
    (SELECT y.id FROM payments y WHERE y.at <= o.at ORDER BY y.at DESC, y.id LIMIT 1) AS last_payment
FROM orders o;

--- expect changes
{"id":0,"last_payment":102}
{"id":1,"last_payment":102}
{"id":10,"last_payment":112}
{"id":11,"last_payment":112}
{"id":12,"last_payment":110}
{"id":13,"last_payment":111}
{"id":14,"last_payment":111}
{"id":15,"last_payment":116}
{"id":15,"last_payment":116}
{"id":16,"last_payment":112}
{"id":17,"last_payment":111}
{"id":18,"last_payment":114}
{"id":19,"last_payment":111}
{"id":2,"last_payment":106}
{"id":20,"last_payment":121}
{"id":21,"last_payment":114}
{"id":22,"last_payment":121}
{"id":23,"last_payment":121}
{"id":24,"last_payment":119}
{"id":25,"last_payment":120}
{"id":26,"last_payment":130}
{"id":27,"last_payment":126}
{"id":28,"last_payment":128}
{"id":29,"last_payment":123}
{"id":3,"last_payment":106}
{"id":30,"last_payment":126}
{"id":31,"last_payment":128}
{"id":32,"last_payment":132}
{"id":33,"last_payment":132}
{"id":34,"last_payment":132}
{"id":35,"last_payment":132}
{"id":4,"last_payment":106}
{"id":4,"last_payment":106}
{"id":5,"last_payment":108}
{"id":6,"last_payment":108}
{"id":7,"last_payment":105}
{"id":8,"last_payment":109}
{"id":8,"last_payment":109}
{"id":9,"last_payment":106}
