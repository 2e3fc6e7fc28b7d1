CREATE TABLE orders (id BIGINT, customer BIGINT, price DOUBLE, currency TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at) WITH (connector = 'single_file', path = '/data/orders', type = 'source', format = 'json');
CREATE TEMPORARY TABLE customers (id INT PRIMARY KEY, name TEXT, city TEXT, active BOOLEAN) WITH (connector = 'filesystem', path = '/data/customers.csv', format = 'csv');
CREATE TEMPORARY TABLE rates (day DATE, currency TEXT, rate DOUBLE, PRIMARY KEY (day, currency)) WITH (connector = 'filesystem', path = '/data/rates', format = 'parquet', 'lookup.cache.ttl' = INTERVAL '1 minute', 'lookup.max_bytes' = '64MB');
SELECT o.id, o.price * r.rate AS euros, c.name
FROM orders o
LEFT JOIN customers c ON o.customer = c.id AND c.active
JOIN rates r ON r.currency = o.currency AND r.day = CAST(o.at AS DATE) AND r.rate > 0
WHERE o.price > 10 AND c.city = 'Rome';
