CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT tumble(INTERVAL '10 seconds') AS w, max(n) FROM (
  SELECT auction, count(*) AS n FROM bids GROUP BY auction, tumble(INTERVAL '10 seconds')
) AS x GROUP BY 1;
