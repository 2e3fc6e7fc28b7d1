-- A window over another table does not matter.
CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE others (price BIGINT NOT NULL) WITH (connector = 'single_file', path = '/data/o.json', type = 'source', format = 'json');
CREATE TABLE cheap (price BIGINT) WITH (connector = 'single_file', path = '/data/cheap.json', type = 'sink', format = 'json');
INSERT INTO cheap SELECT price FROM others WHERE price < 5;
SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM bids WHERE price > 100 GROUP BY w;
