CREATE TABLE t (a BIGINT, made TIMESTAMP(3) NOT NULL,
  WATERMARK FOR made AS made - INTERVAL '1 minute'
) WITH (connector = 'filesystem', path = '/data/t', type = 'source', format = 'json');
SELECT a FROM t;
