-- Nexmark q11. User sessions: bids of each person without a pause of ten seconds.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT bidder, bids, s.window.start AS since, s.window.end AS until
FROM (SELECT session(INTERVAL '10 seconds') AS window, bidder, count(*) AS bids FROM bids GROUP BY window, bidder) AS s;
