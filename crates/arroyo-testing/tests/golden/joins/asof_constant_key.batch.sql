SELECT o.id, CAST(x.v AS TEXT) AS paid FROM orders o
LEFT JOIN (SELECT l.amount AS k, l.at AS t, max(r.at) AS v FROM (SELECT DISTINCT amount, at FROM orders) l
    JOIN payments r ON r.payer = 'ann' AND r.amount = l.amount AND r.at < l.at GROUP BY 1, 2) x ON x.k = o.amount AND x.t = o.at;
