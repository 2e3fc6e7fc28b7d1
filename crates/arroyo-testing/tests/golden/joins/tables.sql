--- use ../tables.sql
CREATE TABLE orders (
    id BIGINT NOT NULL,
    customer TEXT,
    item TEXT,
    amount INT,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);

CREATE TABLE payments (
    id BIGINT NOT NULL,
    order_id INT,
    payer TEXT,
    amount BIGINT,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'single_file', path = '$data/payments.ndjson', type = 'source', format = 'json', wait_for_control = false);

CREATE TABLE people (
    name TEXT,
    city TEXT,
    age INT,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at
) WITH (connector = 'single_file', path = '$data/people.ndjson', type = 'source', format = 'json', wait_for_control = false);

--- input orders ../orders.ndjson
--- input payments ../payments.ndjson
--- input people ../people.ndjson
