CREATE TABLE t (a INT) WITH (connector = 'single_file', pth = '/a', type = 'source', format = 'json');
SELECT * FROM t;
