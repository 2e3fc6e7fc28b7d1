--- use ../tables.sql
INSERT INTO out
SELECT id, price * 2 AS twice, upper(bidder) AS bidder FROM bids;

--- expect out
{"id":0,"twice":168,"bidder":"DEE"}
{"id":1,"twice":10,"bidder":"BOB"}
{"id":10,"twice":6,"bidder":"CID"}
{"id":11,"twice":190,"bidder":"BOB"}
{"id":12,"twice":36,"bidder":"CID"}
{"id":13,"twice":20,"bidder":"ANN"}
{"id":14,"twice":74,"bidder":"CID"}
{"id":15,"twice":118,"bidder":"ANN"}
{"id":16,"twice":18,"bidder":"BOB"}
{"id":17,"twice":146,"bidder":"ANN"}
{"id":18,"twice":40,"bidder":"DEE"}
{"id":19,"twice":124,"bidder":"DEE"}
{"id":2,"twice":16,"bidder":"DEE"}
{"id":20,"twice":124,"bidder":"CID"}
{"id":21,"twice":166,"bidder":"CID"}
{"id":22,"twice":140,"bidder":"CID"}
{"id":23,"twice":92,"bidder":"DEE"}
{"id":24,"twice":186,"bidder":"DEE"}
{"id":25,"twice":54,"bidder":"CID"}
{"id":26,"twice":100,"bidder":"ANN"}
{"id":27,"twice":192,"bidder":"DEE"}
{"id":28,"twice":158,"bidder":"BOB"}
{"id":29,"twice":112,"bidder":"BOB"}
{"id":3,"twice":144,"bidder":"ANN"}
{"id":30,"twice":68,"bidder":"CID"}
{"id":31,"twice":170,"bidder":"DEE"}
{"id":32,"twice":46,"bidder":"BOB"}
{"id":33,"twice":28,"bidder":"DEE"}
{"id":34,"twice":196,"bidder":"ANN"}
{"id":35,"twice":130,"bidder":"DEE"}
{"id":36,"twice":114,"bidder":"DEE"}
{"id":37,"twice":32,"bidder":"CID"}
{"id":38,"twice":102,"bidder":"ANN"}
{"id":39,"twice":108,"bidder":"CID"}
{"id":4,"twice":null,"bidder":"BOB"}
{"id":5,"twice":82,"bidder":"DEE"}
{"id":6,"twice":22,"bidder":"BOB"}
{"id":7,"twice":132,"bidder":"ANN"}
{"id":8,"twice":196,"bidder":"ANN"}
{"id":9,"twice":70,"bidder":"ANN"}
