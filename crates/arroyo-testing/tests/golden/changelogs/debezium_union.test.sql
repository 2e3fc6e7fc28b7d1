--- use tables.sql
INSERT INTO changes
SELECT customer AS name FROM orders UNION SELECT bidder FROM bids WHERE price > 90;

--- expect changes
{"name":"ann"}
{"name":"bob"}
{"name":"cyd"}
{"name":"dee"}
{"name":null}
