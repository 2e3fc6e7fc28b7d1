--- use ../tables.sql
CREATE VIEW totals AS
SELECT tumble(INTERVAL '20 seconds') AS window, bidder, count(*) AS n, sum(price) AS total, max(price) AS best
FROM bids GROUP BY 1, 2;
