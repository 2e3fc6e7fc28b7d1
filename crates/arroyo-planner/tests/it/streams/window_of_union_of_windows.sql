CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE VIEW web AS SELECT tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM bids WHERE channel = 'web' GROUP BY 1;
CREATE VIEW app AS SELECT tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM bids WHERE channel = 'app' GROUP BY 1;
SELECT w, sum(n) AS n FROM (SELECT * FROM web UNION ALL SELECT * FROM app) AS u GROUP BY w;
