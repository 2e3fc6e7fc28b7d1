CREATE TABLE t (
  a INT, ms BIGINT NOT NULL,
  b BIGINT GENERATED ALWAYS AS (a + 1) STORED,
  ts TIMESTAMP NOT NULL GENERATED ALWAYS AS (to_timestamp_millis(ms)),
  WATERMARK FOR ts AS ts - INTERVAL '1 minute'
) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT b, ts FROM t;
