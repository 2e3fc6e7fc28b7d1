CREATE TABLE t (ts TIMESTAMP NOT NULL, WATERMARK FOR tz) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
