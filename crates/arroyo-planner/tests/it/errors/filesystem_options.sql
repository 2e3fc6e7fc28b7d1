CREATE TABLE files (n BIGINT) WITH (
  connector = 'filesystem', path = '/data/out', type = 'sink', format = 'json', source.regex_pattern = 'x',
  multipart.target_part_size = '1MB', rolling_policy.watermark_expiration = true, filename.prefix = 'a/b',
  storage.aws_region = 'eu'
);
CREATE TABLE timed (n BIGINT) WITH (
  connector = 'filesystem', path = 'ftp://host/out', type = 'sink', format = 'json', partitioning.time_pattern = '%Q'
);
CREATE TABLE numbered (n BIGINT) WITH (
  connector = 'filesystem', path = '/data/out', type = 'sink', format = 'json', multipart.max_parts = 1,
  filename.strategy = 'random', filename.sufix = 'x'
);
CREATE TABLE read (n BIGINT) WITH (
  connector = 'filesystem', path = 's3://bucket/out', type = 'source', format = 'json', filename.suffix = 'x'
);
