SELECT o.id, p.name, p.city FROM orders o
LEFT JOIN (SELECT l.at AS t, max(r.at) AS v FROM (SELECT DISTINCT at FROM orders) l JOIN people r ON r.at <= l.at GROUP BY l.at) x ON x.t = o.at
LEFT JOIN people p ON p.at = x.v;
