INSERT INTO out
SELECT id, md5(bidder) AS m, encode(sha256(bidder), 'hex') AS s FROM bids WHERE id < 5;
