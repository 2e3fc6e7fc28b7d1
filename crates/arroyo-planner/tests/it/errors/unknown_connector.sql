CREATE TABLE t (a INT) WITH (connector = 'singel_file');
SELECT * FROM t;
