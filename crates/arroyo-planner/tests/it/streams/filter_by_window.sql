CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT auction, n FROM (SELECT auction, tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM bids GROUP BY 1, 2) AS x WHERE w.start > TIMESTAMP '2020-01-01 00:00:00';
