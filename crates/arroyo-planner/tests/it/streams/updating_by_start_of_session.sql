CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT s, count(*) FROM (SELECT w.start AS s FROM (SELECT session(INTERVAL '1 second') AS w, bidder FROM bids GROUP BY 1, 2) AS a) AS b GROUP BY s;
