CREATE TABLE files (n BIGINT, m BIGINT) PARTITIONED BY (n) WITH (connector = 'filesystem', path = '/data/out', type = 'sink', format = 'json', partitioning.fields = [m]);
CREATE TABLE shuffled (n BIGINT) WITH (connector = 'filesystem', path = '/data/out', type = 'sink', format = 'json', shuffle_by_partition.enabled = true);
