CREATE TABLE t (ts TIMESTAMP(3) NOT NULL) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json', event_time_field = ts);
SELECT ts FROM t;
