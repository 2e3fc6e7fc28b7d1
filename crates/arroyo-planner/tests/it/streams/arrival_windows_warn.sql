CREATE TABLE arrivals (k TEXT, v BIGINT)
WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
SELECT k, sum(v) FROM arrivals GROUP BY k, tumble(INTERVAL '1 minute');
