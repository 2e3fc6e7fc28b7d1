CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT a.auction FROM (SELECT * FROM bids WHERE bidder IN (SELECT auction FROM bids) LIMIT 5) a WHERE NOT EXISTS (
  SELECT 1 FROM bids b
  WHERE b.auction = a.auction AND NOT EXISTS (SELECT 1 FROM bids c WHERE c.bidder = b.bidder AND c.auction = a.auction)
);
