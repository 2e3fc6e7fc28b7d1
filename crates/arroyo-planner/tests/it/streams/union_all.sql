CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE arrivals (k TEXT, v BIGINT)
WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
SELECT channel AS k, price AS n FROM bids UNION ALL SELECT k, v FROM arrivals UNION ALL SELECT 'x', auction FROM bids WHERE price > 5;
