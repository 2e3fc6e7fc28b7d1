-- Departures of each hour with the names of airline and destination, which come from files that are looked up.
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
    'source.regex_pattern' = '^flights\.csv\.gz$',
    format = 'csv'
);

CREATE TEMPORARY TABLE airlines (
    carrier TEXT PRIMARY KEY,
    name TEXT
) WITH (
    connector = 'filesystem',
    path = 'examples/data/lookup/airlines.csv',
    format = 'csv'
);

CREATE TEMPORARY TABLE airports (
    faa TEXT PRIMARY KEY,
    name TEXT,
    tz INT
) WITH (
    connector = 'filesystem',
    path = 'examples/data/lookup/airports.csv',
    format = 'csv',
    'lookup.cache.ttl' = INTERVAL '1 minute'
);

-- The list of airports has none outside of the states of the USA: those keep their code.
SELECT
    tumble(INTERVAL '1 hour') AS window,
    l.name AS airline,
    coalesce(p.name, f.dest) AS destination,
    count(*) AS flights,
    round(avg(f.dep_delay), 1) AS mean_delay_min
FROM flights f
JOIN airlines l ON f.carrier = l.carrier
LEFT JOIN airports p ON f.dest = p.faa
GROUP BY window, airline, destination
HAVING count(*) > 2;
