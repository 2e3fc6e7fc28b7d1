CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json',
  idle_time = 'a while');
SELECT 1;
