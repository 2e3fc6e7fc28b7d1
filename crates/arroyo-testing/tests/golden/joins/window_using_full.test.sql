--- use tables.sql
CREATE VIEW o AS SELECT tumble(INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT tumble(INTERVAL '10 seconds') AS w, payer AS k, max(amount) AS high FROM payments GROUP BY 1, 2;
INSERT INTO changes SELECT w.start AS start, count(*) AS people, sum(n) AS orders, max(high) AS high
FROM o FULL JOIN p USING (w, k) GROUP BY w;

--- expect changes
{"start":"2024-01-01T00:00:10","people":5,"orders":13,"high":20}
{"start":"2024-01-01T00:00:00","people":7,"orders":15,"high":20}
{"start":"2024-01-01T00:00:20","people":6,"orders":7,"high":20}
{"start":"2024-01-01T00:00:30","people":2,"orders":4,"high":8}
