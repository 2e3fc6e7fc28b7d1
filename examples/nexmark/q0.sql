-- Nexmark q0. Pass through: what it costs to read and write.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT auction, bidder, price, datetime, extra FROM bids;
