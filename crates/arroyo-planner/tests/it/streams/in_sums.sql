CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT channel, sum(price) AS total FROM bids GROUP BY channel HAVING sum(price) IN (SELECT sum(price) FROM bids GROUP BY bidder);
SELECT channel, sum(price) AS total FROM bids GROUP BY channel
HAVING sum(price) IN (SELECT sum(price) FROM bids GROUP BY bidder) OR count(*) > 10;
