SELECT auction, bidder, price, channel, url, B.`datetime` AS bid_datetime, B.extra AS bid_extra,
       item_name, description, initial_bid, reserve, A.`datetime` AS auction_datetime, expires, seller, category, A.extra AS auction_extra
FROM bid AS B INNER JOIN auction AS A ON B.auction = A.id
WHERE A.category = 10
