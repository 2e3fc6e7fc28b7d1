--- use ../tables.sql
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

CREATE TABLE late (
    visitor TEXT,
    id BIGINT,
    page TEXT
) WITH (
    connector = 'single_file',
    path = '$out',
    type = 'sink',
    format = 'json'
);

CREATE TABLE nowhere WITH (connector = 'blackhole', type = 'sink');

--- input visits ../visits.ndjson
