CREATE TABLE ticks (
  symbol TEXT NOT NULL,
  price BIGINT,
  volume BIGINT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/ticks', type = 'source', format = 'json');
SELECT m.symbol, m.total FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol ORDER BY at, volume DESC
  MEASURES SUM(u.volume) FILTER (WHERE u.volume > 1) AS total, COUNT(*) AS n
  PATTERN (a b*? (c | d){2,3}) SUBSET u = (a, b)
  DEFINE b AS b.price > a.price AND SUM(b.volume) < 100 AND volume > 0, c AS PREV(LAST(b.price, 1), 2) IS NULL
) AS m WHERE m.n > 3;
