INSERT INTO changes
SELECT channel, array_agg(id ORDER BY price DESC, id) AS ids FROM bids GROUP BY channel;
