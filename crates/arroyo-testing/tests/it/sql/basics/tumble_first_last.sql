INSERT INTO out
SELECT tumble(INTERVAL '20 seconds') AS window, first_value(id ORDER BY at, id) AS first, last_value(id ORDER BY at, id) AS last FROM bids GROUP BY 1;
