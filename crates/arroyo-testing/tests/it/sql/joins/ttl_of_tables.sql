SET updating_ttl = INTERVAL '1 millisecond';
CREATE TABLE kept_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', updating_ttl = INTERVAL '0 seconds' $control);
CREATE TABLE kept_people (name TEXT, city TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '$data/people.ndjson', type = 'source', format = 'json', updating_ttl = '30 days' $control);
INSERT INTO changes SELECT o.id, o.customer, p.city FROM kept_orders o LEFT JOIN kept_people p ON o.customer = p.name;
