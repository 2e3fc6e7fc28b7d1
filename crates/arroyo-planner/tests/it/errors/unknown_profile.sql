CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json',
  connection_profile = 'mine');
SELECT 1;
