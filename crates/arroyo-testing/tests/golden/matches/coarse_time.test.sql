--- use tables.sql
CREATE TABLE coarse_ticks (id BIGINT NOT NULL, symbol TEXT NOT NULL, price BIGINT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/ticks.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT * FROM coarse_ticks MATCH_RECOGNIZE (PARTITION BY symbol ORDER BY at, id MEASURES first(a.id) AS first_id, last(b.id) AS last_id PATTERN (a b+) DEFINE b AS b.price > prev(b.price));

--- input coarse_ticks ../ticks.ndjson

--- expect out
{"symbol":"bq","first_id":0,"last_id":4}
{"symbol":"ax","first_id":18,"last_id":19}
{"symbol":"cz","first_id":21,"last_id":43}
{"symbol":"ax","first_id":22,"last_id":26}
{"symbol":"bq","first_id":25,"last_id":36}
{"symbol":"ax","first_id":30,"last_id":31}
{"symbol":"ax","first_id":37,"last_id":41}
{"symbol":"bq","first_id":38,"last_id":39}
{"symbol":"ax","first_id":45,"last_id":46}
{"symbol":"ax","first_id":6,"last_id":13}
{"symbol":"bq","first_id":7,"last_id":14}
