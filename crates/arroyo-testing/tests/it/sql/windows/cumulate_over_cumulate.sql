INSERT INTO out
SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS window, max(n) AS busiest FROM (SELECT cumulate(INTERVAL '10 seconds', INTERVAL '30 seconds') AS w, auction, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY 1;
