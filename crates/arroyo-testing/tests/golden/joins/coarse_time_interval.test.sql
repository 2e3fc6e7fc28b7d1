--- use tables.sql
CREATE TABLE coarse_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);
CREATE TABLE coarse_payments (id BIGINT NOT NULL, payer TEXT, at TIMESTAMP(6) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/payments.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT o.id, p.id AS payment FROM coarse_orders o JOIN coarse_payments p ON o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second';

--- input coarse_orders ../orders.ndjson
--- input coarse_payments ../payments.ndjson

--- expect out
{"id":1,"payment":101}
{"id":1,"payment":102}
{"id":12,"payment":110}
{"id":12,"payment":110}
{"id":12,"payment":111}
{"id":14,"payment":116}
{"id":16,"payment":110}
{"id":16,"payment":110}
{"id":16,"payment":111}
{"id":2,"payment":103}
{"id":2,"payment":103}
{"id":2,"payment":105}
{"id":2,"payment":107}
{"id":20,"payment":119}
{"id":20,"payment":121}
{"id":21,"payment":114}
{"id":22,"payment":119}
{"id":23,"payment":119}
{"id":24,"payment":119}
{"id":25,"payment":123}
{"id":26,"payment":124}
{"id":27,"payment":130}
{"id":29,"payment":125}
{"id":3,"payment":103}
{"id":3,"payment":103}
{"id":3,"payment":105}
{"id":3,"payment":107}
{"id":31,"payment":133}
{"id":32,"payment":131}
{"id":32,"payment":132}
{"id":5,"payment":103}
{"id":5,"payment":103}
{"id":5,"payment":109}
{"id":7,"payment":105}
{"id":7,"payment":107}
{"id":8,"payment":109}
{"id":8,"payment":109}
{"id":9,"payment":103}
{"id":9,"payment":103}
{"id":9,"payment":107}
