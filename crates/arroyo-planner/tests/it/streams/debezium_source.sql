CREATE TABLE orders (id BIGINT PRIMARY KEY, customer TEXT, amount BIGINT, note TEXT) WITH (connector = 'filesystem', path = '/tmp/o', type = 'source', format = 'debezium_json');
SELECT customer, sum(amount) FROM orders WHERE amount > 0 GROUP BY customer;
