CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT hop(INTERVAL '4 seconds', INTERVAL '10 seconds') AS w, count(*) FROM (SELECT channel, at, max(price) AS p FROM bids GROUP BY channel, at) AS v GROUP BY 1;
