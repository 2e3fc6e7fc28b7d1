CREATE TABLE t (a INT, f TEXT METADATA FROM 'offset') WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
