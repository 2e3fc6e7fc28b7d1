--- use tables.sql
INSERT INTO out
SELECT id, bidder, avg(price) OVER (PARTITION BY bidder ORDER BY at ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS smooth FROM bids;

--- expect out
{"id":13,"bidder":"ann","smooth":55.666666666666664}
{"id":15,"bidder":"ann","smooth":47.333333333333336}
{"id":17,"bidder":"ann","smooth":60.666666666666664}
{"id":26,"bidder":"ann","smooth":73.66666666666667}
{"id":3,"bidder":"ann","smooth":57.666666666666664}
{"id":34,"bidder":"ann","smooth":66.33333333333333}
{"id":38,"bidder":"ann","smooth":74.5}
{"id":7,"bidder":"ann","smooth":69.0}
{"id":8,"bidder":"ann","smooth":47.666666666666664}
{"id":9,"bidder":"ann","smooth":68.33333333333333}
{"id":1,"bidder":"bob","smooth":5.0}
{"id":11,"bidder":"bob","smooth":38.333333333333336}
{"id":16,"bidder":"bob","smooth":61.0}
{"id":28,"bidder":"bob","smooth":48.0}
{"id":29,"bidder":"bob","smooth":52.666666666666664}
{"id":32,"bidder":"bob","smooth":39.5}
{"id":4,"bidder":"bob","smooth":8.0}
{"id":6,"bidder":"bob","smooth":53.0}
{"id":10,"bidder":"cid","smooth":10.5}
{"id":12,"bidder":"cid","smooth":19.333333333333332}
{"id":14,"bidder":"cid","smooth":46.0}
{"id":20,"bidder":"cid","smooth":71.66666666666667}
{"id":21,"bidder":"cid","smooth":60.666666666666664}
{"id":22,"bidder":"cid","smooth":53.0}
{"id":25,"bidder":"cid","smooth":43.666666666666664}
{"id":30,"bidder":"cid","smooth":25.666666666666668}
{"id":37,"bidder":"cid","smooth":34.666666666666664}
{"id":39,"bidder":"cid","smooth":35.0}
{"id":0,"bidder":"dee","smooth":46.0}
{"id":18,"bidder":"dee","smooth":41.0}
{"id":19,"bidder":"dee","smooth":58.333333333333336}
{"id":2,"bidder":"dee","smooth":44.333333333333336}
{"id":23,"bidder":"dee","smooth":78.33333333333333}
{"id":24,"bidder":"dee","smooth":67.0}
{"id":27,"bidder":"dee","smooth":75.66666666666667}
{"id":31,"bidder":"dee","smooth":65.0}
{"id":33,"bidder":"dee","smooth":54.666666666666664}
{"id":35,"bidder":"dee","smooth":45.333333333333336}
{"id":36,"bidder":"dee","smooth":61.0}
{"id":5,"bidder":"dee","smooth":23.0}
