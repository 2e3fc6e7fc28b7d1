CREATE TABLE t (a INT PRIMARY KEY, at TIMESTAMP NOT NULL, b INT GENERATED ALWAYS AS (a + 1), WATERMARK FOR at)
WITH (connector = 'filesystem', path = '/data/t', type = 'lookup', format = 'json');
SELECT 1;
