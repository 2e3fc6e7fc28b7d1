-- Nexmark q9. Winning bids: the highest, and of several the first, of each auction.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW auctions AS
SELECT auction.id AS id, auction.item_name AS item_name, auction.description AS description,
       auction.initial_bid AS initial_bid, auction.reserve AS reserve, auction.datetime AS datetime,
       auction.expires AS expires, auction.seller AS seller, auction.category AS category, auction.extra AS extra
FROM nexmark WHERE auction IS NOT NULL;

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT id, item_name, description, initial_bid, reserve, datetime, expires, seller, category, extra,
       auction, bidder, price, bid_datetime, bid_extra
FROM (
    SELECT a.*, b.auction, b.bidder, b.price, b.datetime AS bid_datetime, b.extra AS bid_extra,
           row_number() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.datetime ASC) AS place
    FROM auctions AS a JOIN bids AS b ON a.id = b.auction AND b.datetime BETWEEN a.datetime AND a.expires
) AS ranked
WHERE place = 1;
