CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction FROM bids a WHERE a.bidder IN (
  SELECT b.bidder FROM bids b WHERE b.auction > (SELECT max(c.auction) FROM bids c WHERE c.bidder = a.bidder)
);
