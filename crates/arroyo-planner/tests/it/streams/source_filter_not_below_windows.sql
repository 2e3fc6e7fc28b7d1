-- Rows that a source drops move no watermark: nothing is pushed where a window follows, also behind a union.
CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE others (price BIGINT NOT NULL) WITH (connector = 'single_file', path = '/data/o.json', type = 'source', format = 'json');
SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n
FROM (SELECT price FROM bids WHERE price > 100 UNION ALL SELECT price FROM others WHERE price > 5) GROUP BY w;
