CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT auction, count(DISTINCT bidder) AS bidders, sum(price) FILTER (WHERE channel = 'web') AS web, array_agg(price ORDER BY price DESC) AS prices FROM bids GROUP BY auction, tumble(INTERVAL '1 minute');
