-- Times at which it got warmer for at least eight hours in a row at an airport, and then colder again.
CREATE TABLE weather (
    time_hour TIMESTAMP NOT NULL,
    origin TEXT,
    temp DOUBLE,
    celsius DOUBLE GENERATED ALWAYS AS ((temp - 32) / 1.8),
    WATERMARK FOR time_hour
) WITH (
    connector = 'filesystem',
    path = 'examples/data',
    type = 'source',
    'source.regex_pattern' = 'weather\.parquet$',
    format = 'parquet'
);

SELECT
    origin,
    since,
    hours,
    round(coldest, 1) AS coldest,
    round(warmest, 1) AS warmest
FROM weather MATCH_RECOGNIZE (
    PARTITION BY origin
    ORDER BY time_hour
    MEASURES
        start.time_hour AS since,
        COUNT(warmer.*) AS hours,
        start.celsius AS coldest,
        LAST(warmer.celsius) AS warmest
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (start warmer{8,} colder)
    WITHIN INTERVAL '1' DAY
    DEFINE
        warmer AS warmer.celsius > PREV(warmer.celsius),
        colder AS colder.celsius < PREV(colder.celsius)
);
