SELECT auction, bidder, price, `datetime`, extra, DATE_FORMAT(`datetime`, 'yyyy-MM-dd') AS dt, DATE_FORMAT(`datetime`, 'HH:mm') AS hm
FROM bid
