INSERT INTO out
SELECT auction, count(*) AS n FROM bids GROUP BY auction, tumble(INTERVAL '1 minute');
