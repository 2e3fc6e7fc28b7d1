INSERT INTO out
SELECT id, array_agg(id) OVER (PARTITION BY bidder ORDER BY at) AS all_ids, string_agg(channel, '+') OVER (PARTITION BY bidder ORDER BY at) AS channels FROM bids WHERE auction = 1;
