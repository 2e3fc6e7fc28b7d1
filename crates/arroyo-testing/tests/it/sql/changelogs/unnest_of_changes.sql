INSERT INTO changes
SELECT channel, unnest(ids) AS id FROM (SELECT channel, array_agg(id ORDER BY id) AS ids FROM bids GROUP BY channel) AS v;
