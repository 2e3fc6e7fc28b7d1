-- A regular join: the side input is read whole, and not asked for single rows.
SELECT b.auction, b.bidder, b.price, b.`datetime`, s.`value`
FROM bid AS b JOIN side_input AS s ON MOD(b.auction, 500) = s.`key`
