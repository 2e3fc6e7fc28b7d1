CREATE TABLE arrivals (k TEXT, v BIGINT)
WITH (connector = 'filesystem', path = '/data/arrivals', type = 'source', format = 'json');
SELECT k ->> 'a' AS a, CAST(k -> 'b' AS BIGINT) AS b FROM arrivals WHERE k ? 'a';
