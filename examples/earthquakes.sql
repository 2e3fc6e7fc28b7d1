-- How many earthquakes each seismic network reported per six hours, and the strongest one.
CREATE TABLE earthquakes (
    id TEXT,
    properties STRUCT<mag DOUBLE, place TEXT, time BIGINT, net TEXT, type TEXT>,
    geometry STRUCT<coordinates DOUBLE[]>,
    happened_at TIMESTAMP NOT NULL GENERATED ALWAYS AS (to_timestamp_millis(properties['time'])),
    WATERMARK FOR happened_at AS happened_at - INTERVAL '1 minute'
) WITH (
    connector = 'single_file',
    path = 'examples/data/earthquakes.ndjson',
    type = 'source',
    format = 'json'
);

SELECT
    window.start AS since,
    network,
    quakes,
    strongest,
    round(deepest_km, 1) AS deepest_km
FROM (
    SELECT
        tumble(INTERVAL '6 hours') AS window,
        properties['net'] AS network,
        count(*) AS quakes,
        max(properties['mag']) AS strongest,
        max(geometry['coordinates'][3]) AS deepest_km
    FROM earthquakes
    WHERE properties['type'] = 'earthquake'
    GROUP BY 1, 2
)
WHERE quakes >= 5;
