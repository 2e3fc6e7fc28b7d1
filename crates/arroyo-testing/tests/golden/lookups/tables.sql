--- use ../tables.sql
CREATE TABLE orders (
    id BIGINT NOT NULL,
    customer TEXT,
    item TEXT,
    amount INT,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);

CREATE TEMPORARY TABLE customers (
    name TEXT PRIMARY KEY,
    city TEXT,
    level INT
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/customers.csv', format = 'csv');

CREATE TABLE items (
    item TEXT PRIMARY KEY,
    label TEXT,
    weight DOUBLE,
    tags TEXT[],
    size STRUCT<height INT, width INT>
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/items.ndjson', type = 'lookup', format = 'json');

CREATE TEMPORARY TABLE prices (
    item TEXT,
    amount INT,
    price DOUBLE,
    valid BOOLEAN,
    PRIMARY KEY (item, amount)
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/prices.csv', format = 'csv', 'lookup.cache.ttl' = INTERVAL '1 hour');

CREATE TEMPORARY TABLE amounts (
    amount BIGINT PRIMARY KEY,
    word TEXT
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/amounts.csv', format = 'csv');

CREATE TEMPORARY TABLE small_amounts (
    amount INT PRIMARY KEY,
    word TEXT
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/amounts.csv', format = 'csv', bad_data = 'drop');

CREATE TEMPORARY TABLE codes (
    code TEXT PRIMARY KEY,
    word TEXT
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/codes.csv', format = 'csv');

CREATE TEMPORARY TABLE regions (
    city TEXT PRIMARY KEY,
    region TEXT,
    file TEXT METADATA FROM 'filename'
) WITH (connector = 'filesystem', path = '$data/lookups/dimensions/regions', format = 'csv', 'lookup.cache.max_bytes' = 0);

--- input orders ../orders.ndjson
--- input customers customers.ndjson
--- input items items.ndjson
--- input prices prices.ndjson
--- input amounts amounts.ndjson
--- input small_amounts small_amounts.ndjson
--- input codes codes.ndjson
--- input regions regions.ndjson
