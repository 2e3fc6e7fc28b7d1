INSERT INTO changes
SELECT channel, auction, count(*) AS n, count(price) AS priced FROM bids GROUP BY channel, auction;
