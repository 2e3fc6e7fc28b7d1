INSERT INTO changes
SELECT channel AS name FROM bids UNION SELECT sensor FROM sensors;
