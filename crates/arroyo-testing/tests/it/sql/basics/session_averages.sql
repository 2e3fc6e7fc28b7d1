INSERT INTO out
SELECT session(INTERVAL '6 seconds') AS window, auction, round(avg(price), 4) AS mean, count(DISTINCT bidder) AS bidders, median(price) AS m FROM bids GROUP BY 1, 2;
