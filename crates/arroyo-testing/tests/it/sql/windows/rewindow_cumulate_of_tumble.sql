INSERT INTO out
SELECT cumulate(INTERVAL '20 seconds', INTERVAL '1 minute') AS window, max(n) AS n FROM (SELECT auction, count(*) AS n FROM bids GROUP BY tumble(INTERVAL '10 seconds'), auction) GROUP BY 1;
