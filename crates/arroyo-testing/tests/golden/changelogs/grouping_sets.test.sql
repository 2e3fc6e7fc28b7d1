--- use tables.sql
INSERT INTO changes
SELECT channel, bidder, count(*) AS n, grouping(channel, bidder) AS g FROM bids GROUP BY GROUPING SETS ((channel), (bidder), (channel, bidder));

--- expect changes
{"channel":"app","bidder":"ann","n":4,"g":0}
{"channel":"tv","bidder":"ann","n":4,"g":0}
{"channel":"web","bidder":"ann","n":1,"g":0}
{"channel":null,"bidder":"ann","n":1,"g":0}
{"channel":null,"bidder":"ann","n":10,"g":2}
{"channel":"app","bidder":"bob","n":5,"g":0}
{"channel":"tv","bidder":"bob","n":1,"g":0}
{"channel":"web","bidder":"bob","n":1,"g":0}
{"channel":null,"bidder":"bob","n":1,"g":0}
{"channel":null,"bidder":"bob","n":8,"g":2}
{"channel":"app","bidder":"cid","n":4,"g":0}
{"channel":"tv","bidder":"cid","n":4,"g":0}
{"channel":"web","bidder":"cid","n":2,"g":0}
{"channel":null,"bidder":"cid","n":10,"g":2}
{"channel":"app","bidder":"dee","n":2,"g":0}
{"channel":"tv","bidder":"dee","n":2,"g":0}
{"channel":"web","bidder":"dee","n":5,"g":0}
{"channel":null,"bidder":"dee","n":3,"g":0}
{"channel":null,"bidder":"dee","n":12,"g":2}
{"channel":"app","bidder":null,"n":15,"g":1}
{"channel":"tv","bidder":null,"n":11,"g":1}
{"channel":"web","bidder":null,"n":9,"g":1}
{"channel":null,"bidder":null,"n":5,"g":1}
