-- Flink asks no files for single rows, so this is a regular join.
SELECT b.auction, b.bidder, b.price, b.`datetime`, s.`value`
FROM bid AS b JOIN side_input AS s ON MOD(b.auction, 500) = s.`key`
