INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON p.at > o.at AND p.at < o.at + INTERVAL '600 milliseconds';
