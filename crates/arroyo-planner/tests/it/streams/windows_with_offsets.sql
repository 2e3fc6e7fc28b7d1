CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT tumble(INTERVAL '1 hour', INTERVAL '15 minutes') AS w, count(*) AS n FROM bids GROUP BY 1;
SELECT cumulate(INTERVAL '1 hour', INTERVAL '1 day', INTERVAL '-8 hours') AS w, count(*) AS n FROM bids GROUP BY 1;
SELECT hop(INTERVAL '1 hour', INTERVAL '1 minute') AS w, count(*) AS n FROM bids GROUP BY 1;
