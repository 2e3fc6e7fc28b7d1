CREATE TABLE events WITH (connector = 'impulse', event_rate = 10);
CREATE TABLE files (counter BIGINT, even BOOLEAN) PARTITIONED BY (even) WITH (
  connector = 'filesystem', path = '/data/out', type = 'sink', format = 'parquet', shuffle_by_partition.enabled = true
);
INSERT INTO files SELECT counter, counter % 2 = 0 FROM events;
