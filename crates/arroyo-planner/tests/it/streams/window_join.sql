CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT * FROM (SELECT tumble(INTERVAL '1 minute') AS w, auction, count(*) AS n FROM bids GROUP BY 1, 2) a FULL JOIN (SELECT tumble(INTERVAL '1 minute') AS w, bidder, max(price) AS high FROM bids GROUP BY 1, 2) b ON a.auction = b.bidder AND a.n < b.high;
