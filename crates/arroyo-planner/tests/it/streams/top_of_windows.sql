CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT window, auction, n FROM (SELECT *, row_number() OVER (PARTITION BY window ORDER BY n DESC) AS place FROM (SELECT tumble(INTERVAL '1 minute') AS window, auction, count(*) AS n FROM bids GROUP BY 1, 2)) WHERE place <= 3;
