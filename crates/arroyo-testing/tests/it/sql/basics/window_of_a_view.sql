CREATE VIEW web AS (SELECT * FROM bids WHERE channel = 'web');
INSERT INTO out SELECT tumble(INTERVAL '20 seconds') AS window, count(*) AS n FROM web GROUP BY 1;
