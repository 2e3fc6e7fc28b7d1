-- Bursts of departures: flights of one carrier from one airport with less than ten minutes between them.
CREATE TABLE flights (
    scheduled TIMESTAMP NOT NULL,
    carrier TEXT,
    flight BIGINT,
    origin TEXT,
    dest TEXT,
    distance BIGINT,
    WATERMARK FOR scheduled
) WITH (
    connector = 'filesystem',
    path = 'examples/data',
    type = 'source',
    'source.regex_pattern' = 'flights\.csv\.gz$',
    format = 'csv'
);

CREATE VIEW bursts AS (
    SELECT
        session(INTERVAL '10 minutes') AS window,
        carrier,
        origin,
        count(*) AS flights,
        count(DISTINCT dest) AS destinations,
        sum(distance) AS miles
    FROM flights
    GROUP BY 1, 2, 3
);

SELECT window.start AS first, carrier, origin, flights, destinations, miles
FROM bursts
WHERE flights >= 8;
