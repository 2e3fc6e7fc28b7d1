CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json',
  json.timestamp_format = 'iso');
SELECT * FROM t;
