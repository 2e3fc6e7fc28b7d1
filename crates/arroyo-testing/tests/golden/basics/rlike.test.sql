--- use ../tables.sql
INSERT INTO out SELECT id, bidder FROM bids WHERE bidder RLIKE '^a' AND channel NOT REGEXP 'w.b';

--- expect out
{"id":13,"bidder":"ann"}
{"id":15,"bidder":"ann"}
{"id":17,"bidder":"ann"}
{"id":26,"bidder":"ann"}
{"id":38,"bidder":"ann"}
{"id":3,"bidder":"ann"}
{"id":7,"bidder":"ann"}
{"id":9,"bidder":"ann"}
