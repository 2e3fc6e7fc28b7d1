SELECT o.id, CAST(x.v AS TEXT) AS paid FROM orders o
LEFT JOIN (SELECT l.at AS t, max(r.at) AS v FROM (SELECT DISTINCT at FROM orders) l JOIN payments r ON r.payer = 'ann' AND r.at <= l.at GROUP BY 1) x
    ON x.t = o.at;
