--- use tables.sql
INSERT INTO changes
SELECT auction, min(bidder) AS first, max(bidder) AS last, min(channel) AS c FROM bids GROUP BY auction;

--- expect changes
{"auction":1,"first":"ann","last":"dee","c":"app"}
{"auction":2,"first":"ann","last":"dee","c":"app"}
{"auction":3,"first":"ann","last":"dee","c":"app"}
