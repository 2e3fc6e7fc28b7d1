--- use ../tables.sql
INSERT INTO changes
SELECT channel, bidder, count(*) AS n, grouping(channel, bidder) AS left_out FROM bids WHERE id < 0 GROUP BY CUBE (channel, bidder);

--- expect changes
{"channel":null,"bidder":null,"n":0,"left_out":3}
