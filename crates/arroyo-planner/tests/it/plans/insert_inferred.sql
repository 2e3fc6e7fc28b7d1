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
CREATE TABLE s WITH (connector = 'single_file', path = '/b', type = 'sink', format = 'json');
INSERT INTO s SELECT id, customer FROM orders;
INSERT INTO s SELECT 1, 'x';
