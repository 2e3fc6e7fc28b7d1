--- use ../tables.sql
INSERT INTO changes
SELECT count(*) AS firsts, sum(price) AS price FROM (SELECT DISTINCT ON (bidder) bidder, price FROM bids ORDER BY bidder, id DESC) AS d;

--- expect changes
{"firsts":4,"price":185}
