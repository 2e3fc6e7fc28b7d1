--- use tables.sql
INSERT INTO changes
SELECT channel, first_value(bidder ORDER BY id) AS first, last_value(bidder ORDER BY id) AS last, nth_value(bidder, 2 ORDER BY id) AS second FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","first":"ann","last":"cid","second":"bob"}
{"channel":"tv","first":"dee","last":"ann","second":"ann"}
{"channel":"web","first":"dee","last":"ann","second":"bob"}
{"channel":null,"first":"bob","last":"dee","second":"ann"}
