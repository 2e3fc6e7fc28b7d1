CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
CREATE TABLE changes WITH (connector = 'single_file', path = '/tmp/c', type = 'sink', format = 'debezium_json');
INSERT INTO changes SELECT channel, count(*) AS n FROM bids GROUP BY channel UNION ALL SELECT channel, price FROM bids;
