INSERT INTO changes
SELECT count(*) AS firsts, sum(price) AS price FROM (SELECT DISTINCT ON (bidder) bidder, price FROM bids ORDER BY bidder, id DESC) AS d;
