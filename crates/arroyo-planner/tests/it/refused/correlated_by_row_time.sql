CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction, (SELECT count(*) FROM bids b WHERE b.bidder = a.bidder AND row_time() < a.at) AS earlier FROM bids a;
