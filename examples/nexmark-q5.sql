-- Hot items: the auctions with the most bids in the last ten seconds, every two seconds (generated data, endless).
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

SELECT
    hop(INTERVAL '2 seconds', INTERVAL '10 seconds') AS window,
    bid.auction AS auction,
    count(*) AS bids,
    max(bid.price) AS highest
FROM nexmark
WHERE bid IS NOT NULL
GROUP BY 1, 2
HAVING count(*) > 300;
