INSERT INTO out
SELECT bidder AS who, at FROM bids UNION ALL SELECT sensor, at FROM sensors;
