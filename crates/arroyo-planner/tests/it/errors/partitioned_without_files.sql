CREATE TABLE out (n BIGINT) PARTITIONED BY (n) WITH (connector = 'stdout', format = 'json');
