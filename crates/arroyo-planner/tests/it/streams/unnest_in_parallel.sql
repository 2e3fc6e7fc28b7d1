CREATE TABLE orders (
  id BIGINT NOT NULL,
  quantity BIGINT,
  price DOUBLE,
  place STRUCT<city TEXT, zip INT>,
  scores BIGINT[],
  ordered_at TIMESTAMP(3),
  total DOUBLE GENERATED ALWAYS AS (price * quantity),
  ordered TIMESTAMP NOT NULL GENERATED ALWAYS AS (coalesce(ordered_at, to_timestamp(0))),
  WATERMARK FOR ordered
) WITH (connector = 'single_file', path = '/data/orders.json', type = 'source', format = 'json');
CREATE TABLE bids (
  auction BIGINT NOT NULL,
  bidder BIGINT,
  price BIGINT NOT NULL,
  channel TEXT,
  tags TEXT[],
  at TIMESTAMP NOT NULL,
  WATERMARK FOR at AS at - INTERVAL '5 seconds'
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT unnest(tags) AS tag, unnest([auction, price]) AS x FROM bids;
