CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT window_start, window_end, bidder, count(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(at), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, bidder;
SELECT bidder, window_start FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(at), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)) WHERE price > 5;
SELECT window_end, bidder, sum(price) AS total FROM TABLE(SESSION(TABLE bids PARTITION BY bidder, DESCRIPTOR(at), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, bidder;
