--- use tables.sql
CREATE TABLE coarse_bids (id BIGINT NOT NULL, auction BIGINT NOT NULL, price BIGINT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/bids.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT id, count(*) OVER w AS recent, sum(price) OVER w AS amount, row_number() OVER (PARTITION BY auction ORDER BY at, id) AS place FROM coarse_bids WINDOW w AS (PARTITION BY auction ORDER BY at RANGE INTERVAL '5' SECOND PRECEDING);

--- input coarse_bids ../bids.ndjson

--- expect out
{"id":8,"recent":3,"amount":109,"place":4}
{"id":10,"recent":3,"amount":112,"place":5}
{"id":11,"recent":2,"amount":113,"place":3}
{"id":22,"recent":2,"amount":132,"place":9}
{"id":29,"recent":3,"amount":152,"place":12}
{"id":7,"recent":3,"amount":155,"place":3}
{"id":26,"recent":3,"amount":166,"place":11}
{"id":28,"recent":2,"amount":172,"place":6}
{"id":23,"recent":3,"amount":178,"place":10}
{"id":12,"recent":1,"amount":18,"place":2}
{"id":6,"recent":3,"amount":19,"place":3}
{"id":18,"recent":1,"amount":20,"place":7}
{"id":3,"recent":4,"amount":227,"place":4}
{"id":32,"recent":1,"amount":23,"place":13}
{"id":9,"recent":5,"amount":262,"place":5}
{"id":27,"recent":3,"amount":268,"place":7}
{"id":25,"recent":1,"amount":27,"place":11}
{"id":14,"recent":1,"amount":37,"place":6}
{"id":5,"recent":1,"amount":41,"place":1}
{"id":13,"recent":2,"amount":47,"place":7}
{"id":39,"recent":1,"amount":54,"place":9}
{"id":16,"recent":3,"amount":56,"place":8}
{"id":36,"recent":1,"amount":57,"place":14}
{"id":30,"recent":2,"amount":61,"place":12}
{"id":15,"recent":2,"amount":62,"place":6}
{"id":19,"recent":1,"amount":62,"place":4}
{"id":20,"recent":1,"amount":62,"place":8}
{"id":38,"recent":2,"amount":67,"place":17}
{"id":35,"recent":2,"amount":79,"place":15}
{"id":2,"recent":1,"amount":8,"place":1}
{"id":4,"recent":2,"amount":8,"place":2}
{"id":37,"recent":2,"amount":81,"place":16}
{"id":17,"recent":2,"amount":82,"place":9}
{"id":21,"recent":1,"amount":83,"place":10}
{"id":0,"recent":1,"amount":84,"place":1}
{"id":31,"recent":1,"amount":85,"place":13}
{"id":1,"recent":2,"amount":89,"place":2}
{"id":24,"recent":1,"amount":93,"place":5}
{"id":34,"recent":1,"amount":98,"place":8}
{"id":33,"recent":2,"amount":99,"place":14}
