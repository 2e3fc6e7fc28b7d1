INSERT INTO changes
SELECT DISTINCT ON (bidder) bidder, id, price FROM bids ORDER BY bidder, at DESC, id;
