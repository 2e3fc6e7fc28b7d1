-- Nexmark q5. Hot items: the auctions with the most bids of the last ten seconds, every two seconds.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

CREATE VIEW counts AS
SELECT hop(INTERVAL '2 seconds', INTERVAL '10 seconds') AS window, auction, count(*) AS num
FROM bids
GROUP BY window, auction;

SELECT c.auction, c.num
FROM counts AS c
JOIN (SELECT window, max(num) AS most FROM counts GROUP BY window) AS m ON c.window = m.window AND c.num >= m.most;
