INSERT INTO out
SELECT window, count(*) AS bidders, max(n) AS most FROM (SELECT tumble(INTERVAL '20 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY window;
