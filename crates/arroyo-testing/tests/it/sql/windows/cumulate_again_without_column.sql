INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, sum(n) AS n FROM (SELECT auction, count(*) AS n FROM bids GROUP BY cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds'), auction) GROUP BY 1;
