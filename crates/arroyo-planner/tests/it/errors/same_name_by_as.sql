CREATE TABLE bids (
  id BIGINT NOT NULL,
  price BIGINT
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');
SELECT id, bids.price, 1 AS id, 2 AS price FROM bids;
