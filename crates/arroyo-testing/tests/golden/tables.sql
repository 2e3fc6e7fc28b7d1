CREATE TABLE bids (
    id BIGINT NOT NULL,
    auction BIGINT NOT NULL,
    bidder TEXT NOT NULL,
    price BIGINT,
    channel TEXT,
    at TIMESTAMP NOT NULL,
    tags TEXT[],
    item STRUCT<name TEXT, weight DOUBLE>,
    extra JSON,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (
    connector = 'single_file',
    path = '$data/bids.ndjson',
    type = 'source',
    format = 'json', wait_for_control = false
);

CREATE TABLE sensors (
    sensor TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    celsius DOUBLE,
    ok BOOLEAN,
    level DECIMAL(6, 2),
    fahrenheit DOUBLE GENERATED ALWAYS AS (celsius * 1.8 + 32),
    WATERMARK FOR at
) WITH (
    connector = 'single_file',
    path = '$data/sensors.ndjson',
    type = 'source',
    format = 'json', wait_for_control = false
);

CREATE TABLE out WITH (
    connector = 'single_file',
    path = '$out',
    type = 'sink',
    format = 'json'
);

CREATE TABLE changes WITH (
    connector = 'single_file',
    path = '$out',
    type = 'sink',
    format = 'debezium_json',
    'json.timestamp_format' = 'rfc3339',
    'json.decimal_encoding' = 'number'
);

--- input bids bids.ndjson
--- input sensors sensors.ndjson
