CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT auction FROM bids WHERE price = 'abc';
SELECT auction, CAST('abc' AS INT) AS x FROM bids;
SELECT auction FROM bids WHERE at > TIMESTAMP '2024-13-01';
SELECT auction FROM bids WHERE regexp_like(channel, '(');
SELECT channel, sum(price) AS total FROM bids GROUP BY channel HAVING sum(price) > 'many';
