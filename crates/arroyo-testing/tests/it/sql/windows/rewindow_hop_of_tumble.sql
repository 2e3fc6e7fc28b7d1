INSERT INTO out
SELECT hop(INTERVAL '20 seconds', INTERVAL '40 seconds') AS window, sum(n) AS n FROM (SELECT tumble(INTERVAL '10 seconds') AS w, auction, count(*) AS n FROM bids GROUP BY 1, 2) GROUP BY 1;
