--- use tables.sql
INSERT INTO out
SELECT id, bidder, sum(price) OVER (PARTITION BY bidder ORDER BY at ROWS 2 PRECEDING) AS last_three FROM bids;

--- expect out
{"id":13,"bidder":"ann","last_three":143}
{"id":15,"bidder":"ann","last_three":167}
{"id":17,"bidder":"ann","last_three":142}
{"id":26,"bidder":"ann","last_three":182}
{"id":3,"bidder":"ann","last_three":138}
{"id":34,"bidder":"ann","last_three":221}
{"id":38,"bidder":"ann","last_three":199}
{"id":7,"bidder":"ann","last_three":66}
{"id":8,"bidder":"ann","last_three":205}
{"id":9,"bidder":"ann","last_three":173}
{"id":1,"bidder":"bob","last_three":5}
{"id":11,"bidder":"bob","last_three":106}
{"id":16,"bidder":"bob","last_three":115}
{"id":28,"bidder":"bob","last_three":183}
{"id":29,"bidder":"bob","last_three":144}
{"id":32,"bidder":"bob","last_three":158}
{"id":4,"bidder":"bob","last_three":5}
{"id":6,"bidder":"bob","last_three":16}
{"id":10,"bidder":"cid","last_three":3}
{"id":12,"bidder":"cid","last_three":21}
{"id":14,"bidder":"cid","last_three":58}
{"id":20,"bidder":"cid","last_three":182}
{"id":21,"bidder":"cid","last_three":138}
{"id":22,"bidder":"cid","last_three":215}
{"id":25,"bidder":"cid","last_three":159}
{"id":30,"bidder":"cid","last_three":131}
{"id":37,"bidder":"cid","last_three":77}
{"id":39,"bidder":"cid","last_three":104}
{"id":0,"bidder":"dee","last_three":84}
{"id":18,"bidder":"dee","last_three":69}
{"id":19,"bidder":"dee","last_three":123}
{"id":2,"bidder":"dee","last_three":92}
{"id":23,"bidder":"dee","last_three":201}
{"id":24,"bidder":"dee","last_three":175}
{"id":27,"bidder":"dee","last_three":235}
{"id":31,"bidder":"dee","last_three":227}
{"id":33,"bidder":"dee","last_three":195}
{"id":35,"bidder":"dee","last_three":164}
{"id":36,"bidder":"dee","last_three":136}
{"id":5,"bidder":"dee","last_three":133}
