INSERT INTO changes
SELECT customer, count(*) AS sessions, max(n) AS longest FROM (SELECT customer, count(*) AS n FROM orders GROUP BY session(INTERVAL '2 seconds'), customer) AS s GROUP BY customer;
