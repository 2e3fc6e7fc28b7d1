CREATE TABLE t WITH (connector = 'single_file', path = '/a', type = 'source', format = 'raw_string');
SELECT value FROM t;
