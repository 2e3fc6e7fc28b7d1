--- use tables.sql
CREATE VIEW o AS SELECT hop(INTERVAL '5 seconds', INTERVAL '10 seconds') AS w, customer AS k, count(*) AS n FROM orders GROUP BY 1, 2;
CREATE VIEW p AS SELECT hop(INTERVAL '5 seconds', INTERVAL '10 seconds') AS w, payer AS k, count(*) AS n FROM payments GROUP BY 1, 2;
INSERT INTO out
SELECT o.w, o.k, o.n, p.n AS payments FROM o LEFT JOIN p ON o.k = p.k;

--- expect out
{"w":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:05"},"k":"ann","n":5,"payments":6}
{"w":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:05"},"k":"bob","n":2,"payments":null}
{"w":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:05"},"k":"cid","n":1,"payments":2}
{"w":{"start":"2023-12-31T23:59:55","end":"2024-01-01T00:00:05"},"k":"zoe","n":2,"payments":null}
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"k":"ann","n":7,"payments":6}
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"k":"bob","n":3,"payments":null}
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"k":"cid","n":2,"payments":3}
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"k":"zoe","n":2,"payments":null}
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"k":null,"n":1,"payments":null}
{"w":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"k":"ann","n":2,"payments":2}
{"w":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"k":"bob","n":5,"payments":null}
{"w":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"k":"cid","n":3,"payments":5}
{"w":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"k":"zoe","n":2,"payments":null}
{"w":{"start":"2024-01-01T00:00:05","end":"2024-01-01T00:00:15"},"k":null,"n":1,"payments":null}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"k":"ann","n":5,"payments":4}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"k":"bob","n":4,"payments":null}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"k":"cid","n":2,"payments":4}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"k":"zoe","n":2,"payments":null}
{"w":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:25"},"k":"ann","n":6,"payments":4}
{"w":{"start":"2024-01-01T00:00:15","end":"2024-01-01T00:00:25"},"k":"cid","n":1,"payments":null}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"k":"ann","n":4,"payments":3}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"k":"bob","n":1,"payments":1}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"k":"cid","n":1,"payments":2}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"k":null,"n":1,"payments":null}
{"w":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:35"},"k":"ann","n":6,"payments":3}
{"w":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:35"},"k":"bob","n":1,"payments":1}
{"w":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:35"},"k":"cid","n":1,"payments":2}
{"w":{"start":"2024-01-01T00:00:25","end":"2024-01-01T00:00:35"},"k":null,"n":1,"payments":null}
{"w":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"k":"ann","n":3,"payments":2}
{"w":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"k":"cid","n":1,"payments":null}
