--- use ../tables.sql
INSERT INTO out
SELECT id, concat(bidder, '-', coalesce(channel, '?')) AS who, length(bidder) AS n, reverse(bidder) AS r, bidder LIKE '%n%' AS has_n FROM bids;

--- expect out
{"id":0,"who":"dee-web","n":3,"r":"eed","has_n":false}
{"id":1,"who":"bob-web","n":3,"r":"bob","has_n":false}
{"id":10,"who":"cid-tv","n":3,"r":"dic","has_n":false}
{"id":11,"who":"bob-app","n":3,"r":"bob","has_n":false}
{"id":12,"who":"cid-tv","n":3,"r":"dic","has_n":false}
{"id":13,"who":"ann-app","n":3,"r":"nna","has_n":true}
{"id":14,"who":"cid-web","n":3,"r":"dic","has_n":false}
{"id":15,"who":"ann-tv","n":3,"r":"nna","has_n":true}
{"id":16,"who":"bob-app","n":3,"r":"bob","has_n":false}
{"id":17,"who":"ann-app","n":3,"r":"nna","has_n":true}
{"id":18,"who":"dee-?","n":3,"r":"eed","has_n":false}
{"id":19,"who":"dee-tv","n":3,"r":"eed","has_n":false}
{"id":2,"who":"dee-web","n":3,"r":"eed","has_n":false}
{"id":20,"who":"cid-app","n":3,"r":"dic","has_n":false}
{"id":21,"who":"cid-web","n":3,"r":"dic","has_n":false}
{"id":22,"who":"cid-app","n":3,"r":"dic","has_n":false}
{"id":23,"who":"dee-web","n":3,"r":"eed","has_n":false}
{"id":24,"who":"dee-?","n":3,"r":"eed","has_n":false}
{"id":25,"who":"cid-tv","n":3,"r":"dic","has_n":false}
{"id":26,"who":"ann-app","n":3,"r":"nna","has_n":true}
{"id":27,"who":"dee-web","n":3,"r":"eed","has_n":false}
{"id":28,"who":"bob-tv","n":3,"r":"bob","has_n":false}
{"id":29,"who":"bob-app","n":3,"r":"bob","has_n":false}
{"id":3,"who":"ann-app","n":3,"r":"nna","has_n":true}
{"id":30,"who":"cid-tv","n":3,"r":"dic","has_n":false}
{"id":31,"who":"dee-app","n":3,"r":"eed","has_n":false}
{"id":32,"who":"bob-app","n":3,"r":"bob","has_n":false}
{"id":33,"who":"dee-web","n":3,"r":"eed","has_n":false}
{"id":34,"who":"ann-web","n":3,"r":"nna","has_n":true}
{"id":35,"who":"dee-app","n":3,"r":"eed","has_n":false}
{"id":36,"who":"dee-?","n":3,"r":"eed","has_n":false}
{"id":37,"who":"cid-app","n":3,"r":"dic","has_n":false}
{"id":38,"who":"ann-tv","n":3,"r":"nna","has_n":true}
{"id":39,"who":"cid-app","n":3,"r":"dic","has_n":false}
{"id":4,"who":"bob-app","n":3,"r":"bob","has_n":false}
{"id":5,"who":"dee-tv","n":3,"r":"eed","has_n":false}
{"id":6,"who":"bob-?","n":3,"r":"bob","has_n":false}
{"id":7,"who":"ann-tv","n":3,"r":"nna","has_n":true}
{"id":8,"who":"ann-?","n":3,"r":"nna","has_n":true}
{"id":9,"who":"ann-tv","n":3,"r":"nna","has_n":true}
