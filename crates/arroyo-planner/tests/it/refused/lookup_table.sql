CREATE TEMPORARY TABLE t (k TEXT PRIMARY KEY) WITH (connector = 'filesystem', path = '/data/t', format = 'json');
SELECT k FROM t;
