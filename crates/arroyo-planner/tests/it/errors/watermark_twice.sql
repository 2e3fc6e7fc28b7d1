CREATE TABLE t (
  ts TIMESTAMP NOT NULL,
  WATERMARK FOR ts,
  WATERMARK FOR ts AS ts - INTERVAL '1 second'
) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
