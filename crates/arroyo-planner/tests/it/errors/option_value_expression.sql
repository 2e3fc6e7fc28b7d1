CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a' || 'b');
SELECT 1;
