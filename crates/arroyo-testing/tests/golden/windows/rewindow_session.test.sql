--- use ../tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '1 minute') AS window, count(*) AS sessions, max(n) AS longest FROM (SELECT bidder, count(*) AS n FROM bids GROUP BY session(INTERVAL '5 seconds'), bidder) GROUP BY 1;

--- expect out
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:01:00"},"sessions":14,"longest":5}
{"window":{"start":"2024-01-01T00:01:00","end":"2024-01-01T00:02:00"},"sessions":4,"longest":4}
