-- An archive of earthquakes as Parquet files, a directory per day and network: files appear whole, at a checkpoint.
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

CREATE TABLE archive (
    happened_at TIMESTAMP,
    network TEXT,
    id TEXT,
    place TEXT,
    magnitude DOUBLE,
    depth_km DOUBLE
) PARTITIONED BY (network) WITH (
    connector = 'filesystem',
    path = 'target/earthquakes',
    type = 'sink',
    format = 'parquet',
    'partitioning.time_pattern' = 'day=%Y-%m-%d',
    'rolling_policy.watermark_expiration' = true,
    'shuffle_by_partition.enabled' = true,
    'parquet.compression' = 'zstd'
);

INSERT INTO archive
SELECT
    happened_at,
    properties['net'],
    id,
    properties['place'],
    properties['mag'],
    geometry['coordinates'][3]
FROM earthquakes
WHERE properties['type'] = 'earthquake';
