CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT n, count(*), max(total) FROM (SELECT channel, count(*) AS n, sum(price) AS total FROM bids GROUP BY channel) AS v WHERE total > 5 GROUP BY n;
