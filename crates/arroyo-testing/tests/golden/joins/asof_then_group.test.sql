--- use tables.sql
INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n, count(o.at) AS known FROM payments p ASOF JOIN orders o MATCH_CONDITION (p.at >= o.at) ON p.payer = o.customer GROUP BY 1;

--- expect out
{"w":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:10"},"n":12,"known":5}
{"w":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:20"},"n":11,"known":8}
{"w":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:30"},"n":11,"known":6}
{"w":{"start":"2024-01-01T00:00:30","end":"2024-01-01T00:00:40"},"n":2,"known":2}
