--- use ../tables.sql
INSERT INTO changes
SELECT DISTINCT ON (price / 20) price / 20 AS twenties, id * 2 AS twice, tags FROM bids WHERE price IS NOT NULL ORDER BY price / 20, price DESC, id;

--- expect changes
{"twenties":3,"twice":56,"tags":["new","hot"]}
{"twenties":4,"twice":16,"tags":["new","hot"]}
{"twenties":1,"twice":28,"tags":["new"]}
{"twenties":2,"twice":30,"tags":["sale","hot","x"]}
{"twenties":0,"twice":24,"tags":null}
