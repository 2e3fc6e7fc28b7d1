INSERT INTO out
SELECT id, row_time() AS event_time FROM bids WHERE id < 8;
