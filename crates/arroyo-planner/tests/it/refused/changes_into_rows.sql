CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE totals (channel TEXT, n BIGINT) WITH (connector = 'single_file', path = '/tmp/totals', type = 'sink', format = 'json');
INSERT INTO totals SELECT channel, count(*) FROM bids GROUP BY channel;
