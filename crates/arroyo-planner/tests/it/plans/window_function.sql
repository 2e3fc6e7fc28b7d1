CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer TEXT,
  price DOUBLE,
  tags TEXT[],
  doc JSON,
  address STRUCT<city TEXT, zip INT>,
  ordered_at TIMESTAMP NOT NULL,
  WATERMARK FOR ordered_at AS ordered_at - INTERVAL '5 seconds'
) WITH (connector = 'single_file', path = '/data/orders.json', type = 'source', format = 'json');
SELECT * FROM (SELECT customer, n, row_number() OVER (PARTITION BY w ORDER BY n DESC) AS rank FROM (SELECT tumble(INTERVAL '1 minute') AS w, customer, count(*) AS n FROM orders GROUP BY w, customer)) WHERE rank <= 3;
