CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE out (k TEXT, n BIGINT)
WITH (connector = 'single_file', path = '/data/other.json', type = 'sink', format = 'json');
CREATE TABLE file (k TEXT, n BIGINT)
WITH (connector = 'single_file', path = '/data/out.json', type = 'sink', format = 'json');
CREATE VIEW clean AS SELECT channel, price, auction, bidder FROM bids WHERE price > 0;
CREATE VIEW dear AS SELECT channel, price, bidder FROM clean WHERE price > 1000;
INSERT INTO out SELECT channel, price FROM dear;
INSERT INTO file SELECT channel, price FROM dear UNION ALL SELECT channel, auction FROM clean;
