INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS window, tag, count(*) AS n FROM (SELECT unnest(tags) AS tag FROM bids) GROUP BY 1, 2;
