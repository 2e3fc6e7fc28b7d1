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
SELECT upper(customer) AS u, date_trunc('hour', ordered_at) AS h, regexp_replace(customer, 'a', 'b') AS r, sha256(customer) AS s, extract_json_string(doc, '$.a') AS j, md5(customer) AS m FROM orders;
