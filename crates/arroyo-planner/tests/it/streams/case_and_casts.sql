CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT CASE WHEN price > 10 THEN 'dear' ELSE 'cheap' END AS c, CAST(price AS TEXT) AS t FROM bids WHERE channel IN ('a', 'b') OR bidder IS NULL;
