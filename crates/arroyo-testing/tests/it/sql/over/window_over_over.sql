INSERT INTO out
SELECT window, bidder, place, sum(place) OVER (PARTITION BY window ORDER BY place DESC) AS below FROM (SELECT window, bidder, rank() OVER (PARTITION BY window ORDER BY n DESC) AS place FROM totals);
