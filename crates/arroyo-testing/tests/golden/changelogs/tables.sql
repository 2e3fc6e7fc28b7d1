--- use ../tables.sql
CREATE TABLE orders (
    id BIGINT PRIMARY KEY,
    customer TEXT,
    amount BIGINT,
    placed TIMESTAMP NOT NULL,
    double_amount BIGINT GENERATED ALWAYS AS (amount * 2),
    WATERMARK FOR placed
) WITH (
    connector = 'single_file',
    path = '$data/changelogs/orders_data.ndjson',
    type = 'source',
    format = 'debezium_json', wait_for_control = false
);

--- input orders orders_data.ndjson
