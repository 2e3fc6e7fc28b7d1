INSERT INTO changes
SELECT channel, count(*) FILTER (WHERE price > 50) AS dear, sum(price) FILTER (WHERE price <= 50) AS cheap FROM bids GROUP BY channel;
