INSERT INTO out
SELECT id, 'low' AS band FROM bids WHERE price < 30 UNION ALL SELECT id, 'high' FROM bids WHERE price >= 70;
