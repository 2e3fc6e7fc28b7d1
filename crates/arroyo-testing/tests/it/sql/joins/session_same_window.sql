CREATE VIEW o AS SELECT session(INTERVAL '900 milliseconds') AS w, count(*) AS n FROM orders GROUP BY 1;
CREATE VIEW p AS SELECT session(INTERVAL '900 milliseconds') AS w, sum(amount) AS total FROM orders GROUP BY 1;
INSERT INTO out
SELECT o.w, n, total FROM o JOIN p ON o.w = p.w;
