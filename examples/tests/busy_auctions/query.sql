-- Auctions with more than one bid in ten seconds.
CREATE TABLE bids (
    auction BIGINT NOT NULL,
    price BIGINT,
    bid_at TIMESTAMP NOT NULL,
    WATERMARK FOR bid_at
) WITH (connector = 'filesystem', path = '/data/bids', type = 'source', format = 'json');

CREATE TABLE busy (auction BIGINT, bids BIGINT, highest BIGINT)
WITH (connector = 'stdout', format = 'json');

INSERT INTO busy
SELECT auction, count(*), max(price)
FROM bids
GROUP BY auction, tumble(INTERVAL '10 seconds')
HAVING count(*) > 1;
