--- use tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n, count(payment) AS paid FROM (SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON o.customer = p.payer AND o.at BETWEEN p.at - INTERVAL '2 seconds' AND p.at + INTERVAL '1 second') GROUP BY 1;

--- expect out
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":26,"paid":20}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":19,"paid":13}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"n":7,"paid":5}
{"w":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":5,"paid":2}
