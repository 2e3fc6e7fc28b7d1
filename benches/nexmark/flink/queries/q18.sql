SELECT auction, bidder, price, channel, url, `datetime`, extra
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY `datetime` DESC) AS rank_number FROM bid)
WHERE rank_number <= 1
