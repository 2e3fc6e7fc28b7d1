INSERT INTO out
SELECT window.start AS start, bidder, n FROM (SELECT DISTINCT ON (window) window, bidder, n FROM (SELECT tumble(INTERVAL '10 seconds') AS window, bidder, count(*) AS n FROM bids GROUP BY 1, 2) AS w ORDER BY window, n DESC, bidder) AS f;
