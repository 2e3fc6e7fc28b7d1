--- use ../tables.sql
INSERT INTO out SELECT id, id::TEXT, at::DATE, at::TIME, 1, 1 FROM bids WHERE id < 4;

--- expect out
{"id":0,"id_1":"0","bids.at":"2024-01-01","at_1":"00:00:01.700","Int64(1)":1,"1_1":1}
{"id":1,"id_1":"1","bids.at":"2024-01-01","at_1":"00:00:01.800","Int64(1)":1,"1_1":1}
{"id":2,"id_1":"2","bids.at":"2024-01-01","at_1":"00:00:02.100","Int64(1)":1,"1_1":1}
{"id":3,"id_1":"3","bids.at":"2024-01-01","at_1":"00:00:02.400","Int64(1)":1,"1_1":1}
