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
    format = 'json'
    $control
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
    path = '$data/sensors.csv',
    type = 'source',
    format = 'csv'
    $control
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
    format = 'debezium_json'
);
