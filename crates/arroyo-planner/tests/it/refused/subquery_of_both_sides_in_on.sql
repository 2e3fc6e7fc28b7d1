CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder TEXT,
  price BIGINT NOT NULL,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction FROM bids a LEFT JOIN bids b ON a.auction = b.auction AND EXISTS (SELECT 1 FROM bids c WHERE c.price = a.price AND c.auction > b.price);
