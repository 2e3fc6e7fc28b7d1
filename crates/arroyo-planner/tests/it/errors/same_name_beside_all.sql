CREATE TABLE bids (
  id BIGINT NOT NULL,
  price BIGINT
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT *, id FROM bids;
