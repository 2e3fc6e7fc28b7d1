INSERT INTO changes
SELECT bidder AS name, count(*) AS n FROM bids GROUP BY bidder UNION ALL SELECT sensor, 1 FROM sensors;
