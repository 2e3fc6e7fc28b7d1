CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE file (k TEXT, n BIGINT)
WITH (connector = 'single_file', path = '/data/out.json', type = 'sink', format = 'json');
INSERT INTO file SELECT channel, price FROM bids WHERE price > 3;
