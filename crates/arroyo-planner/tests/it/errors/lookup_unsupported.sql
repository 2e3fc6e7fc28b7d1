CREATE TEMPORARY TABLE t (a INT PRIMARY KEY) WITH (connector = 'single_file', path = '/a', format = 'json');
SELECT 1;
