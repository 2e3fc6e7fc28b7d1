INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, auction % 2 AS odd, sum(price + 1) * 2 AS s, count(*) + 1 AS n FROM bids GROUP BY 1, auction % 2;
