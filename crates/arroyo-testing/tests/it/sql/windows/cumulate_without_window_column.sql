INSERT INTO out
SELECT count(*) AS n, min(id) AS first FROM bids GROUP BY cumulate(INTERVAL '15 seconds', INTERVAL '45 seconds');
