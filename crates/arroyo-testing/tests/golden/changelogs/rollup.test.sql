--- use tables.sql
INSERT INTO changes
SELECT channel, auction, count(*) AS n, grouping(channel) AS gc, grouping(auction) AS ga FROM bids GROUP BY ROLLUP (channel, auction);

--- expect changes
{"channel":"app","auction":1,"n":5,"gc":0,"ga":0}
{"channel":"tv","auction":1,"n":4,"gc":0,"ga":0}
{"channel":"web","auction":1,"n":4,"gc":0,"ga":0}
{"channel":null,"auction":1,"n":1,"gc":0,"ga":0}
{"channel":"app","auction":2,"n":2,"gc":0,"ga":0}
{"channel":"tv","auction":2,"n":4,"gc":0,"ga":0}
{"channel":"web","auction":2,"n":2,"gc":0,"ga":0}
{"channel":null,"auction":2,"n":1,"gc":0,"ga":0}
{"channel":"app","auction":3,"n":8,"gc":0,"ga":0}
{"channel":"tv","auction":3,"n":3,"gc":0,"ga":0}
{"channel":"web","auction":3,"n":3,"gc":0,"ga":0}
{"channel":null,"auction":3,"n":3,"gc":0,"ga":0}
{"channel":"app","auction":null,"n":15,"gc":0,"ga":1}
{"channel":"tv","auction":null,"n":11,"gc":0,"ga":1}
{"channel":"web","auction":null,"n":9,"gc":0,"ga":1}
{"channel":null,"auction":null,"n":5,"gc":0,"ga":1}
{"channel":null,"auction":null,"n":40,"gc":1,"ga":1}
