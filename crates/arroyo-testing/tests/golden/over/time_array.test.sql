--- use tables.sql
INSERT INTO out
SELECT id, array_agg(id) OVER (PARTITION BY bidder ORDER BY at) AS all_ids, string_agg(channel, '+') OVER (PARTITION BY bidder ORDER BY at) AS channels FROM bids WHERE auction = 1;

--- expect out
{"id":36,"all_ids":[0,36],"channels":"web"}
{"id":0,"all_ids":[0],"channels":"web"}
{"id":32,"all_ids":[1,16,32],"channels":"web+app+app"}
{"id":16,"all_ids":[1,16],"channels":"web+app"}
{"id":30,"all_ids":[14,21,25,30],"channels":"web+web+tv+tv"}
{"id":25,"all_ids":[14,21,25],"channels":"web+web+tv"}
{"id":21,"all_ids":[14,21],"channels":"web+web"}
{"id":14,"all_ids":[14],"channels":"web"}
{"id":1,"all_ids":[1],"channels":"web"}
{"id":17,"all_ids":[7,3,9,13,17],"channels":"tv+app+tv+app+app"}
{"id":13,"all_ids":[7,3,9,13],"channels":"tv+app+tv+app"}
{"id":9,"all_ids":[7,3,9],"channels":"tv+app+tv"}
{"id":3,"all_ids":[7,3],"channels":"tv+app"}
{"id":7,"all_ids":[7],"channels":"tv"}
