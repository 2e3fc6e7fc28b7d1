--- use ../tables.sql
INSERT INTO out
SELECT id, md5(bidder) AS m, encode(sha256(bidder), 'hex') AS s FROM bids WHERE id < 5;

--- expect out
{"id":0,"m":"f31f2f4e88b1f4c29a4542671b247f9b","s":"e7834034bd059ecf00b0661f88f1e7242450bf1951c1e76803e80ce4182e2e9c"}
{"id":1,"m":"9f9d51bc70ef21ca5c14f307980a29d8","s":"81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9"}
{"id":2,"m":"f31f2f4e88b1f4c29a4542671b247f9b","s":"e7834034bd059ecf00b0661f88f1e7242450bf1951c1e76803e80ce4182e2e9c"}
{"id":3,"m":"7e0d7f8a5d96c24ffcc840f31bce72b2","s":"49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1"}
{"id":4,"m":"9f9d51bc70ef21ca5c14f307980a29d8","s":"81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9"}
