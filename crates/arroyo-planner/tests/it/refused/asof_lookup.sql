CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TEMPORARY TABLE items (k BIGINT PRIMARY KEY, since TIMESTAMP) WITH (connector = 'filesystem', path = '/data/items', format = 'json');
SELECT a.price FROM bids a ASOF JOIN items MATCH_CONDITION (a.at >= items.since) ON a.auction = items.k;
