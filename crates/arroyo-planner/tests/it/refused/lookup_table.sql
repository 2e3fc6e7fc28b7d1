CREATE TEMPORARY TABLE t (k TEXT PRIMARY KEY) WITH (connector = 'single_file', path = '/data/t', format = 'json');
SELECT k FROM t;
