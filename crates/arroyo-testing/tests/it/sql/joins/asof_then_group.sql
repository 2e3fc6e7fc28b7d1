INSERT INTO out
SELECT tumble(INTERVAL '10 seconds') AS w, count(*) AS n, count(o.at) AS known FROM payments p ASOF JOIN orders o MATCH_CONDITION (p.at >= o.at) ON p.payer = o.customer GROUP BY 1;
