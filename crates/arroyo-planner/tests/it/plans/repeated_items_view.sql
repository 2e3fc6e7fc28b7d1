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
CREATE VIEW v AS SELECT id, id FROM orders;
SELECT * FROM v;
