CREATE TEMPORARY TABLE t (a INT, b TEXT) WITH (connector = 'filesystem', path = '/data/t', format = 'json');
SELECT 1;
