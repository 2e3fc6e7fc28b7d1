INSERT INTO changes
SELECT session(INTERVAL '3 seconds') AS window, b.channel, count(*) AS n, count(o.amount) AS amounts FROM bids AS b JOIN orders AS o ON b.auction = o.id GROUP BY 1, 2;
