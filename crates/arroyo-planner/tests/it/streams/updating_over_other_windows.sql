CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT w, count(*) FROM (
  SELECT tumble(INTERVAL '1 minute') AS w FROM bids GROUP BY 1 UNION ALL SELECT tumble(INTERVAL '2 minutes') AS w FROM bids GROUP BY 1
) AS u GROUP BY w;
