SELECT b.auction, b.price, b.bidder, b.datetime, b.extra
FROM bids AS b
JOIN (
    SELECT max(price) AS price, date_bin(INTERVAL '10 seconds', datetime, TIMESTAMP '1970-01-01') AS since
    FROM bids
    GROUP BY date_bin(INTERVAL '10 seconds', datetime, TIMESTAMP '1970-01-01')
) AS top ON b.price = top.price AND b.datetime BETWEEN top.since AND top.since + INTERVAL '10 seconds';
