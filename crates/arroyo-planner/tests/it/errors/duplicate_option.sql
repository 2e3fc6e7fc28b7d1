CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', path = '/b', type = 'sink', format = 'json');
SELECT 1;
