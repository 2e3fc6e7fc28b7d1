CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json',
  bad_data = 'ignore');
SELECT * FROM t;
