-- Daily weather at each airport, and a file of stormy hours: two sinks of one script, fed by one reader.
CREATE TABLE weather (
    time_hour TIMESTAMP NOT NULL,
    origin TEXT,
    temp DOUBLE,
    wind_speed DOUBLE,
    precip DOUBLE,
    celsius DOUBLE GENERATED ALWAYS AS ((temp - 32) / 1.8),
    WATERMARK FOR time_hour
) WITH (
    connector = 'filesystem',
    path = 'examples/data',
    type = 'source',
    'source.regex_pattern' = 'weather\.parquet$',
    format = 'parquet'
);

CREATE TABLE storms (
    at TIMESTAMP,
    airport TEXT,
    wind_speed DOUBLE
) WITH (
    connector = 'single_file',
    path = 'target/storms.ndjson',
    type = 'sink',
    format = 'json'
);

INSERT INTO storms
SELECT time_hour, origin, wind_speed
FROM weather
WHERE wind_speed > 30;

SELECT
    tumble(INTERVAL '1 day') AS day,
    origin,
    round(min(celsius), 1) AS coldest,
    round(max(celsius), 1) AS warmest,
    round(sum(precip), 2) AS rain_inches
FROM weather
GROUP BY day, origin;
