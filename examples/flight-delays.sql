-- Delays at New York's airports over the last three hours, every hour.
CREATE TABLE flights (
    scheduled TIMESTAMP NOT NULL,
    carrier TEXT,
    origin TEXT,
    dest TEXT,
    dep_delay DOUBLE,
    WATERMARK FOR scheduled AS scheduled - INTERVAL '5 minutes'
) WITH (
    connector = 'filesystem',
    path = 'examples/data',
    type = 'source',
    'source.regex_pattern' = 'flights\.csv\.gz$',
    format = 'csv'
);

SELECT
    hop(INTERVAL '1 hour', INTERVAL '3 hours') AS window,
    origin,
    count(*) AS flights,
    count(*) FILTER (WHERE dep_delay IS NULL) AS cancelled,
    round(avg(dep_delay), 1) AS mean_delay_min,
    approx_percentile_cont(dep_delay, 0.9) AS p90_delay_min
FROM flights
GROUP BY window, origin
HAVING count(*) > 20;
