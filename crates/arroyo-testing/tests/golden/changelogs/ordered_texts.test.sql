--- use tables.sql
INSERT INTO changes
SELECT auction, string_agg(bidder, ',' ORDER BY id) AS bidders FROM bids GROUP BY auction;

--- expect changes
{"auction":1,"bidders":"dee,bob,ann,ann,ann,ann,cid,bob,ann,cid,cid,cid,bob,dee"}
{"auction":2,"bidders":"dee,bob,cid,dee,dee,dee,bob,ann,cid"}
{"auction":3,"bidders":"dee,bob,bob,ann,cid,ann,dee,cid,cid,dee,ann,bob,dee,dee,dee,cid,ann"}
