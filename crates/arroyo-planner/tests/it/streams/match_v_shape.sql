CREATE TABLE ticks (
  symbol TEXT NOT NULL,
  price BIGINT,
  volume BIGINT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/ticks', type = 'source', format = 'json');
SELECT * FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol
  ORDER BY at
  MEASURES FIRST(start.price) AS begin, LAST(down.price) AS bottom, LAST(up.price) AS top, MATCH_NUMBER() AS number
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST up
  PATTERN (start down+ up+)
  WITHIN INTERVAL '10' MINUTE
  DEFINE down AS down.price < PREV(down.price), up AS up.price > PREV(up.price)
);
