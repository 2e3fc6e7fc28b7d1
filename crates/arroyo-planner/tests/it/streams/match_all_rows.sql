CREATE TABLE ticks (
  symbol TEXT NOT NULL,
  price BIGINT,
  volume BIGINT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/ticks', type = 'source', format = 'json');
SELECT symbol, number, kind, sofar, price FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol ORDER BY at
  MEASURES MATCH_NUMBER() AS number, CLASSIFIER() AS kind, RUNNING COUNT(a.*) AS sofar
  ALL ROWS PER MATCH
  PATTERN (a+ b) DEFINE a AS a.price > 1
);
