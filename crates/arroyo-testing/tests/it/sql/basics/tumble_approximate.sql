INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, approx_distinct(bidder) AS bidders, approx_median(price) AS m FROM bids GROUP BY 1;
