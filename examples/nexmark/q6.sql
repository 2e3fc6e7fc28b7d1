-- Nexmark q6. Average selling price by seller: over the last ten closed auctions of each.
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

CREATE VIEW winning AS
SELECT id, seller, price, datetime
FROM (
    SELECT a.id, a.seller, b.price, b.datetime,
           row_number() OVER (PARTITION BY a.id, a.seller ORDER BY b.price DESC, b.datetime ASC) AS place
    FROM auctions AS a JOIN bids AS b ON a.id = b.auction AND b.datetime BETWEEN a.datetime AND a.expires
) AS ranked
WHERE place = 1;

SELECT seller, avg(price) OVER (PARTITION BY seller ORDER BY datetime, id ROWS BETWEEN 10 PRECEDING AND CURRENT ROW) AS average
FROM winning;
