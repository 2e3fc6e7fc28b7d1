CREATE TABLE ticks (
  symbol TEXT NOT NULL,
  price BIGINT,
  volume BIGINT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/ticks', type = 'source', format = 'json');
SELECT tumble(INTERVAL '1 minute') AS window, count(*) AS matches FROM (SELECT symbol, price + 1 AS p, at AS t FROM ticks WHERE volume > 0)
MATCH_RECOGNIZE (ORDER BY t MEASURES MATCH_ROWTIME() AS ended PATTERN (a b) WITHIN INTERVAL '1 hour' DEFINE b AS b.p > a.p) GROUP BY window;
