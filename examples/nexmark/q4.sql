-- Nexmark q4. Average price of a category: an aggregate of the winning bids.
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

SELECT category, CAST(avg(final) AS BIGINT) AS average
FROM (
    SELECT max(b.price) AS final, a.category AS category
    FROM auctions AS a JOIN bids AS b ON a.id = b.auction AND b.datetime BETWEEN a.datetime AND a.expires
    GROUP BY a.id, a.category
) AS winning
GROUP BY category;
