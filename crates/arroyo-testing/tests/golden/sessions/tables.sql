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

CREATE TABLE visits (
    id BIGINT NOT NULL,
    visitor TEXT NOT NULL,
    page TEXT,
    spent BIGINT,
    score DOUBLE,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (
    connector = 'single_file',
    path = '$data/visits.ndjson',
    type = 'source',
    format = 'json', wait_for_control = false
);

--- input orders ../changelogs/orders_data.ndjson
--- input visits ../visits.ndjson
