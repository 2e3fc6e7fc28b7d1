--- use tables.sql
INSERT INTO changes
SELECT channel, count(DISTINCT bidder) AS bidders, count(DISTINCT auction) AS auctions FROM bids GROUP BY channel;

--- expect changes
{"channel":null,"bidders":3,"auctions":3}
{"channel":"app","bidders":4,"auctions":3}
{"channel":"tv","bidders":4,"auctions":3}
{"channel":"web","bidders":4,"auctions":3}
