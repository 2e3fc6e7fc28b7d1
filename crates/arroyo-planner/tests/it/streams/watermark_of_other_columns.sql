CREATE TABLE t (a BIGINT, seen TIMESTAMP NOT NULL, made TIMESTAMP NOT NULL,
  WATERMARK FOR made AS seen - INTERVAL '1 minute'
) WITH (connector = 'filesystem', path = '/data/t', type = 'source', format = 'json');
SELECT a, sum(a) FROM t GROUP BY a, tumble(INTERVAL '1 hour');
