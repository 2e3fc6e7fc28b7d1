--- use ../tables.sql
INSERT INTO out SELECT id, id::TEXT, unnest(tags), unnest(tags) FROM bids WHERE id < 4;

--- expect out
{"id":1,"id_1":"1","UNNEST(bids.tags)":"hot","unnest(tags)_1":"hot"}
{"id":3,"id_1":"3","UNNEST(bids.tags)":"hot","unnest(tags)_1":"hot"}
{"id":2,"id_1":"2","UNNEST(bids.tags)":"new","unnest(tags)_1":"new"}
{"id":3,"id_1":"3","UNNEST(bids.tags)":"new","unnest(tags)_1":"new"}
{"id":1,"id_1":"1","UNNEST(bids.tags)":"sale","unnest(tags)_1":"sale"}
{"id":1,"id_1":"1","UNNEST(bids.tags)":"x","unnest(tags)_1":"x"}
