-- Everything that a source can do itself: comparisons, booleans, NULLs, event time, renamed columns.
CREATE TABLE bids (
  auction BIGINT NOT NULL,
  price DOUBLE,
  quantity INT,
  channel TEXT,
  won BOOLEAN,
  paid BOOLEAN,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'parquet');
CREATE VIEW renamed AS SELECT auction AS id, channel AS place, price, quantity, won, paid FROM bids;
SELECT id FROM renamed
WHERE price BETWEEN 1.5 AND 9 AND 3 < quantity AND place <> 'tv' AND id IS NOT NULL AND won AND NOT paid
  AND row_time() >= '2024-01-01';
