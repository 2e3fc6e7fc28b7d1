CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction, x.last FROM bids a, LATERAL (
  SELECT b.bidder, y.last FROM bids b, LATERAL (SELECT max(c.bidder) AS last FROM bids c WHERE c.auction = a.auction) AS y
  WHERE b.auction = a.auction
) AS x;
