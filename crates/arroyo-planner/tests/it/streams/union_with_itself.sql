CREATE TABLE arrivals (k TEXT, v BIGINT)
WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
SELECT k FROM arrivals UNION ALL SELECT k FROM arrivals;
