-- Nexmark q14. Calculation: conversion, conditions, and letters counted.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW bids AS
SELECT bid.auction AS auction, bid.bidder AS bidder, bid.price AS price, bid.channel AS channel, bid.url AS url,
       bid.datetime AS datetime, bid.extra AS extra
FROM nexmark WHERE bid IS NOT NULL;

SELECT auction, bidder, CAST(0.908 AS DECIMAL(4, 3)) * price AS price,
       CASE WHEN date_part('hour', datetime) BETWEEN 8 AND 18 THEN 'dayTime'
            WHEN date_part('hour', datetime) <= 6 OR date_part('hour', datetime) >= 20 THEN 'nightTime'
            ELSE 'otherTime' END AS bid_time_type,
       datetime, extra, length(extra) - length(replace(extra, 'c', '')) AS c_counts
FROM bids
WHERE CAST(0.908 AS DECIMAL(4, 3)) * price > 1000000 AND CAST(0.908 AS DECIMAL(4, 3)) * price < 50000000;
