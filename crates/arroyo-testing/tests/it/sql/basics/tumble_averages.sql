INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, round(avg(price), 4) AS mean, round(stddev(price), 4) AS sd, round(var_pop(price), 4) AS v, median(price) AS m FROM bids GROUP BY 1;
