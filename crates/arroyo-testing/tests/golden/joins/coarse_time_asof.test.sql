--- use tables.sql
CREATE TABLE coarse_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);
CREATE TABLE coarse_payments (id BIGINT NOT NULL, payer TEXT, at TIMESTAMP(6) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/payments.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT p.id, p.payer, CAST(CAST(o.at AS TIMESTAMP) AS TEXT) AS ordered FROM coarse_payments p ASOF JOIN coarse_orders o MATCH_CONDITION (p.at >= o.at) ON p.payer = o.customer;

--- input coarse_orders ../orders.ndjson
--- input coarse_payments ../payments.ndjson

--- expect out
{"id":100,"payer":"ann","ordered":null}
{"id":101,"payer":"cid","ordered":null}
{"id":102,"payer":"cid","ordered":null}
{"id":103,"payer":"ann","ordered":"2024-01-01T00:00:02.600"}
{"id":103,"payer":"ann","ordered":"2024-01-01T00:00:02.600"}
{"id":104,"payer":"eve","ordered":null}
{"id":105,"payer":"ann","ordered":null}
{"id":106,"payer":null,"ordered":null}
{"id":107,"payer":"ann","ordered":"2024-01-01T00:00:02.600"}
{"id":108,"payer":"eve","ordered":null}
{"id":109,"payer":"ann","ordered":"2024-01-01T00:00:04.600"}
{"id":110,"payer":"cid","ordered":"2024-01-01T00:00:10.300"}
{"id":110,"payer":"cid","ordered":"2024-01-01T00:00:10.300"}
{"id":111,"payer":"cid","ordered":"2024-01-01T00:00:10.300"}
{"id":112,"payer":"cid","ordered":"2024-01-01T00:00:00.900"}
{"id":113,"payer":"ann","ordered":"2024-01-01T00:00:05.800"}
{"id":114,"payer":"ann","ordered":"2024-01-01T00:00:05.800"}
{"id":115,"payer":null,"ordered":null}
{"id":116,"payer":"cid","ordered":"2024-01-01T00:00:12.500"}
{"id":117,"payer":null,"ordered":null}
{"id":118,"payer":null,"ordered":null}
{"id":119,"payer":"ann","ordered":"2024-01-01T00:00:19.200"}
{"id":120,"payer":null,"ordered":null}
{"id":121,"payer":"ann","ordered":"2024-01-01T00:00:15"}
{"id":122,"payer":null,"ordered":null}
{"id":123,"payer":"ann","ordered":"2024-01-01T00:00:22.100"}
{"id":124,"payer":"ann","ordered":"2024-01-01T00:00:22.100"}
{"id":125,"payer":"cid","ordered":"2024-01-01T00:00:24.200"}
{"id":126,"payer":null,"ordered":null}
{"id":127,"payer":"eve","ordered":null}
{"id":128,"payer":"eve","ordered":null}
{"id":129,"payer":"cid","ordered":"2024-01-01T00:00:24.200"}
{"id":130,"payer":"bob","ordered":"2024-01-01T00:00:14.800"}
{"id":131,"payer":"ann","ordered":"2024-01-01T00:00:27.900"}
{"id":132,"payer":"ann","ordered":"2024-01-01T00:00:27.900"}
{"id":133,"payer":"ann","ordered":"2024-01-01T00:00:27.900"}
