INSERT INTO changes
SELECT channel, bool_or(n > 3) AS some, bool_and(n > 1) AS every, median(n) AS m FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
