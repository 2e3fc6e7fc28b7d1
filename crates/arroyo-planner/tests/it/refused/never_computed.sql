CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT count(DISTINCT channel, price) FROM bids;
SELECT stddev(DISTINCT price) FROM bids;
SELECT array_agg(DISTINCT price ORDER BY auction) FROM bids;
SELECT string_agg(channel, channel) FROM bids;
SELECT nth_value(price, auction) FROM bids;
SELECT approx_percentile_cont(price, 2.0) FROM bids;
SELECT percentile_cont(2) WITHIN GROUP (ORDER BY price) FROM bids;
SELECT count(DISTINCT channel, price) FROM bids GROUP BY tumble(INTERVAL '1' MINUTE);
SELECT price FROM bids WHERE channel LIKE 'y!_' ESCAPE '!!';
SELECT CASE WHEN price > 0 THEN price ELSE 1 / 0 END AS p FROM bids;
SELECT upper(channel), date_trunc('foo', at) FROM bids;
SELECT price FROM bids WHERE price > 1 AND date_part('foo', at) > 1;
SELECT at AT TIME ZONE 'Mars/Phobos' FROM bids;
SELECT CAST(tags AS INT) FROM bids;
