CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT count(*) FROM bids GROUP BY CUBE (auction + 0, auction + 1, auction + 2, auction + 3, auction + 4, auction + 5, auction + 6, auction + 7, auction + 8, auction + 9, auction + 10, auction + 11, auction + 12, auction + 13, auction + 14, auction + 15);
