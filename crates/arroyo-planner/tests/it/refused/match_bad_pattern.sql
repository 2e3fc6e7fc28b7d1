CREATE TABLE ticks (
  symbol TEXT NOT NULL,
  price BIGINT,
  volume BIGINT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/ticks', type = 'source', format = 'json');
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY at MEASURES COUNT(*) AS n PATTERN (A (B | ) C));
