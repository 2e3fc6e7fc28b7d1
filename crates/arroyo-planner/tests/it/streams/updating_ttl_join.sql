CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE asks (
  auction BIGINT NOT NULL,
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at
) WITH (connector = 'filesystem', path = '/data/asks', type = 'source', format = 'json');
SET updating_ttl = INTERVAL '0 seconds';
SELECT price FROM bids AS b LEFT JOIN asks AS a ON b.auction = a.auction;
