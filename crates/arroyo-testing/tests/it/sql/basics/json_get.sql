INSERT INTO out
SELECT id, json_get_int(extra, 'k') AS k, extra ->> 'v' AS v FROM bids WHERE extra IS NOT NULL;
