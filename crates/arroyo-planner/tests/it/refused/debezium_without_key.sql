CREATE TABLE orders (id BIGINT, amount BIGINT) WITH (connector = 'single_file', path = '/tmp/o', type = 'source', format = 'debezium_json');
SELECT id FROM orders;
