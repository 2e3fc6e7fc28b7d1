CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT window_start, bidder, count(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(at), INTERVAL '1' MINUTE)) WHERE price > 3 GROUP BY window_start, window_end, bidder;
