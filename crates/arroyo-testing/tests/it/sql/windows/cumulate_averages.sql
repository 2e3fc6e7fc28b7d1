INSERT INTO out
SELECT cumulate(INTERVAL '20 seconds', INTERVAL '1 minute') AS window, avg(price) AS mean, median(price) AS middle FROM bids GROUP BY 1;
