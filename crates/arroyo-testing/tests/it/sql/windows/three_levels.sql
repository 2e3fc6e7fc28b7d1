INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, avg(n) AS mean FROM (SELECT tumble(INTERVAL '20 seconds') AS w, sum(n) AS n FROM (SELECT tumble(INTERVAL '5 seconds') AS w, count(*) AS n FROM bids GROUP BY 1) GROUP BY 1) GROUP BY 1;
