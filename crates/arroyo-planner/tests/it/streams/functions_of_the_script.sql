CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE FUNCTION net(price DOUBLE) RETURNS DOUBLE RETURN price / 1.19;
CREATE FUNCTION rounded_net(price DOUBLE, digits INT) RETURNS DOUBLE AS 'round(net(price), digits)';
SELECT net(price), rounded_net(price + 1, 2) AS r FROM bids WHERE net(price) > 10;
SELECT tumble(INTERVAL '1 minute') AS w, sum(NET(price)) AS total FROM bids GROUP BY 1;
