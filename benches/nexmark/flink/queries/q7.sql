SELECT B.auction, B.price, B.bidder, B.`datetime`, B.extra
FROM bid B
JOIN (
  SELECT MAX(price) AS maxprice, window_end AS `datetime`
  FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR(`datetime`), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end
) B1
ON B.price = B1.maxprice
WHERE B.`datetime` BETWEEN B1.`datetime` - INTERVAL '10' SECOND AND B1.`datetime`
