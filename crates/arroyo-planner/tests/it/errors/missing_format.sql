CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source');
SELECT * FROM t;
