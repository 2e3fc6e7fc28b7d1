SELECT id, item_name, description, initial_bid, reserve, `datetime`, expires, seller, category, extra,
       auction, bidder, price, bid_datetime, bid_extra
FROM (
  SELECT A.*, B.auction, B.bidder, B.price, B.`datetime` AS bid_datetime, B.extra AS bid_extra,
         ROW_NUMBER() OVER (PARTITION BY A.id ORDER BY B.price DESC, B.`datetime` ASC) AS rownum
  FROM auction A, bid B
  WHERE A.id = B.auction AND B.`datetime` BETWEEN A.`datetime` AND A.expires
)
WHERE rownum <= 1
