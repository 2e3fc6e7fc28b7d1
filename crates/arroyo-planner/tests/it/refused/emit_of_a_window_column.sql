CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT window, max(n) FROM (SELECT tumble(INTERVAL '1 minute') AS window, count(*) AS n FROM bids GROUP BY 1) AS w GROUP BY window EMIT EVERY INTERVAL '10 seconds';
