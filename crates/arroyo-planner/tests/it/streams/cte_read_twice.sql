CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
WITH x AS (SELECT auction, price + 1 AS p FROM bids WHERE price > 7) SELECT auction FROM x WHERE p > 1 UNION ALL SELECT p FROM x;
