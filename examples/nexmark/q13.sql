-- Nexmark q13. Bids with what a side input, a file, says of their auctions.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE TABLE side_input (
    key BIGINT PRIMARY KEY,
    value TEXT
) WITH (
    connector = 'filesystem',
    path = 'examples/nexmark',
    'source.regex_pattern' = 'side_input\.csv$',
    format = 'csv',
    type = 'lookup'
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT b.auction, b.bidder, b.price, b.datetime, s.value
FROM bids AS b JOIN side_input AS s ON b.auction % 500 = s.key;
