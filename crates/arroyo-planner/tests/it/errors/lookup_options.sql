CREATE TEMPORARY TABLE t (a INT PRIMARY KEY)
WITH (connector = 'filesystem', path = '/data/t', format = 'debezium_json', 'lookup.cache.max_bytes' = 'much', 'lookup.cache.ttl' = 5, 'rolling_policy.file_size' = 1);
CREATE TABLE u (a INT) WITH (connector = 'filesystem', path = '/data/t', type = 'source', format = 'json', 'lookup.cache.ttl' = INTERVAL '1 minute', 'lookup.max_bytes' = 1);
SELECT 1;
