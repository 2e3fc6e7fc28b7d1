-- Nexmark q7. Highest bid of each ten seconds.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT b.auction, b.price, b.bidder, b.datetime, b.extra
FROM bids AS b
JOIN (
    SELECT w.price AS price, w.window.start AS since, w.window.end AS until
    FROM (SELECT tumble(INTERVAL '10 seconds') AS window, max(price) AS price FROM bids GROUP BY window) AS w
) AS top ON b.price = top.price AND b.datetime BETWEEN top.since AND top.until;
