--- use tables.sql
CREATE TABLE coarse_bids (id BIGINT NOT NULL, auction BIGINT NOT NULL, price BIGINT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/bids.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT id FROM coarse_bids ORDER BY at, id;

--- input coarse_bids ../bids.ndjson

--- expect out ordered
{"id":0}
{"id":1}
{"id":2}
{"id":7}
{"id":3}
{"id":4}
{"id":5}
{"id":6}
{"id":9}
{"id":8}
{"id":10}
{"id":12}
{"id":11}
{"id":14}
{"id":13}
{"id":15}
{"id":16}
{"id":17}
{"id":18}
{"id":19}
{"id":21}
{"id":20}
{"id":24}
{"id":22}
{"id":23}
{"id":25}
{"id":28}
{"id":27}
{"id":26}
{"id":30}
{"id":29}
{"id":31}
{"id":32}
{"id":33}
{"id":34}
{"id":35}
{"id":36}
{"id":37}
{"id":39}
{"id":38}
