INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, max(n) AS busiest FROM (SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n FROM bids GROUP BY 1) GROUP BY 1;
