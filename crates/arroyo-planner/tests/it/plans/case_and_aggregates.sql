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
SELECT customer, count(DISTINCT id) FILTER (WHERE price > 1) AS n, avg(price) AS a, array_agg(id) AS ids FROM orders GROUP BY customer HAVING count(*) > 2;
