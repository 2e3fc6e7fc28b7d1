CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'sauce', format = 'json');
SELECT 1;
