CREATE TABLE orders (id BIGINT, customer BIGINT, price DOUBLE, currency TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at) WITH (connector = 'single_file', path = '/data/orders', type = 'source', format = 'json');
CREATE TEMPORARY TABLE customers (id INT PRIMARY KEY, name TEXT, city TEXT, active BOOLEAN) WITH (connector = 'filesystem', path = '/data/customers.csv', format = 'csv');
CREATE TEMPORARY TABLE rates (day DATE, currency TEXT, rate DOUBLE, PRIMARY KEY (day, currency)) WITH (connector = 'filesystem', path = '/data/rates', format = 'parquet', 'lookup.cache.ttl' = INTERVAL '1 minute', 'lookup.max_bytes' = '64MB');
SELECT o.id, c.name FROM orders o JOIN (SELECT id, max(name) AS name FROM customers GROUP BY id) c ON o.customer = c.id;
