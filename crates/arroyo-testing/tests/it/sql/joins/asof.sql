INSERT INTO out
SELECT p.id, p.payer, CAST(o.at AS TEXT) AS ordered FROM payments p ASOF JOIN orders o MATCH_CONDITION (p.at >= o.at) ON p.payer = o.customer;
