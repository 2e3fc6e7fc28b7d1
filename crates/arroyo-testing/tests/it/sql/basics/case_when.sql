INSERT INTO out
SELECT id, CASE WHEN price >= 70 THEN 'high' WHEN price >= 30 THEN 'middle' WHEN price IS NULL THEN 'none' ELSE 'low' END AS band FROM bids;
