INSERT INTO out
SELECT id, channel FROM bids WHERE channel <> 'web';
