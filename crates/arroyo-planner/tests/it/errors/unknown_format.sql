CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'jsn');
SELECT * FROM t;
