INSERT INTO out
SELECT p.id, p.payer, CAST(o.at AS TEXT) AS ordered FROM payments p ASOF JOIN orders o MATCH_CONDITION (o.at < p.at) ON o.customer = p.payer;
