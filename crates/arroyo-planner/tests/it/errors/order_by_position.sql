CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder TEXT,
  price BIGINT NOT NULL,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT auction FROM bids ORDER BY 2 LIMIT 3;
