CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE arrivals (k TEXT, v BIGINT)
WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
CREATE TABLE out (k TEXT, n BIGINT)
WITH (connector = 'single_file', path = '/data/other.json', type = 'sink', format = 'json');
INSERT INTO out SELECT channel, price FROM bids;
INSERT INTO out SELECT k, v FROM arrivals;
