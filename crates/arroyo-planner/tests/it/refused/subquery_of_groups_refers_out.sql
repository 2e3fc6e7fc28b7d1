CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT auction FROM bids b
WHERE b.price IN (SELECT g.most FROM (SELECT c.channel, max(c.price) AS most FROM bids c WHERE c.bidder = b.bidder GROUP BY c.channel) g);
