CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE out (auction BIGINT, below BIGINT) WITH (connector = 'single_file', path = '/tmp/out', type = 'sink', format = 'debezium_json');
INSERT INTO out SELECT a.auction, (SELECT max(b.price) FROM bids b WHERE b.price < a.price AND b.bidder = a.bidder) AS below FROM bids a;
