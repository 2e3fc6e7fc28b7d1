CREATE TABLE t (_timestamp TIMESTAMP) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
