--- use tables.sql
INSERT INTO changes
SELECT channel, approx_distinct(bidder) AS bidders FROM bids GROUP BY channel;

--- expect changes
{"channel":null,"bidders":3}
{"channel":"app","bidders":4}
{"channel":"tv","bidders":4}
{"channel":"web","bidders":4}
