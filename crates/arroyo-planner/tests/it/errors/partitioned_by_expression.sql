CREATE TABLE files (n BIGINT) PARTITIONED BY (n, n % 2) WITH (connector = 'filesystem', path = '/data/out', type = 'sink', format = 'json');
