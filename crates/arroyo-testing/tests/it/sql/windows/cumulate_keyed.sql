INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '1 minute') AS window, bidder, count(*) AS n, max(price) AS top FROM bids GROUP BY 1, 2;
