-- Nexmark q1. Currency conversion: a computation for every bid.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT auction, bidder, CAST(0.908 AS DECIMAL(4, 3)) * price AS price, datetime, extra FROM bids;
