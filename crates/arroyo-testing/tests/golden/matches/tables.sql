--- use ../tables.sql
CREATE TABLE ticks (
    id BIGINT NOT NULL,
    symbol TEXT NOT NULL,
    price BIGINT,
    volume BIGINT NOT NULL,
    venue TEXT,
    tags TEXT[],
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (
    connector = 'single_file',
    path = '$data/ticks.ndjson',
    type = 'source',
    format = 'json', wait_for_control = false
);

CREATE TABLE steps (
    id BIGINT NOT NULL,
    person TEXT NOT NULL,
    page TEXT NOT NULL,
    amount BIGINT,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (
    connector = 'single_file',
    path = '$data/steps.ndjson',
    type = 'source',
    format = 'json', wait_for_control = false
);

CREATE VIEW bought AS
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES cart.id AS cart_id, buy.id AS buy_id, MATCH_ROWTIME() AS ended
    PATTERN (cart other*? buy) WITHIN INTERVAL '40' SECOND
    DEFINE cart AS page = 'cart', buy AS page = 'buy'
);

--- input ticks ../ticks.ndjson
--- input steps ../steps.ndjson
