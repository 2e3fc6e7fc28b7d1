INSERT INTO out
SELECT id, extract_json_string(extra, '$.v') AS v, get_first_json_object(extra, '$.list[1]') AS second FROM bids;
