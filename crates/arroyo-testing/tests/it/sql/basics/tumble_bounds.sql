INSERT INTO out
SELECT window.start AS since, window.end AS until, n FROM (SELECT tumble(INTERVAL '15 seconds') AS window, count(*) AS n FROM bids GROUP BY 1);
