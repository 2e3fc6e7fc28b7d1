CREATE TEMPORARY TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
