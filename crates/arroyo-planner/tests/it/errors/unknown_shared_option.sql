CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json', evnt_time_field = a);
SELECT * FROM t;
