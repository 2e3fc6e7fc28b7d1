CREATE TABLE t (ts BIGINT NOT NULL, WATERMARK FOR ts) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
