--- use tables.sql
CREATE TABLE coarse_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT o.id, p.id AS payment FROM coarse_orders o LEFT JOIN payments p ON o.customer = p.payer AND p.at >= o.at - INTERVAL '500 milliseconds' AND p.at < o.at + INTERVAL '1 second';

--- input coarse_orders ../orders.ndjson

--- expect out
{"id":0,"payment":null}
{"id":1,"payment":102}
{"id":10,"payment":null}
{"id":11,"payment":null}
{"id":12,"payment":110}
{"id":12,"payment":110}
{"id":12,"payment":111}
{"id":13,"payment":null}
{"id":14,"payment":116}
{"id":15,"payment":null}
{"id":15,"payment":null}
{"id":16,"payment":110}
{"id":16,"payment":110}
{"id":16,"payment":111}
{"id":17,"payment":null}
{"id":18,"payment":null}
{"id":19,"payment":null}
{"id":2,"payment":null}
{"id":20,"payment":121}
{"id":21,"payment":114}
{"id":22,"payment":119}
{"id":23,"payment":119}
{"id":24,"payment":119}
{"id":25,"payment":null}
{"id":26,"payment":null}
{"id":27,"payment":null}
{"id":28,"payment":null}
{"id":29,"payment":null}
{"id":3,"payment":107}
{"id":30,"payment":null}
{"id":31,"payment":null}
{"id":32,"payment":132}
{"id":33,"payment":null}
{"id":34,"payment":null}
{"id":35,"payment":null}
{"id":4,"payment":null}
{"id":4,"payment":null}
{"id":5,"payment":109}
{"id":6,"payment":null}
{"id":7,"payment":105}
{"id":8,"payment":null}
{"id":8,"payment":null}
{"id":9,"payment":107}
