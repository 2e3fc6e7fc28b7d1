CREATE TABLE t (ts TIMESTAMP) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json',
  event_time_field = 'tz');
SELECT 1;
