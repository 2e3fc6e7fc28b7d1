-- Two queries want different rows of one source.
CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE cheap (auction BIGINT) WITH (connector = 'single_file', path = '/data/cheap.json', type = 'sink', format = 'json');
CREATE TABLE dear (auction BIGINT) WITH (connector = 'single_file', path = '/data/dear.json', type = 'sink', format = 'json');
INSERT INTO cheap SELECT auction FROM bids WHERE price < 5;
INSERT INTO dear SELECT auction FROM bids WHERE price > 100;
