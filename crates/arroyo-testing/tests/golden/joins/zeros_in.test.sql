--- use tables.sql
INSERT INTO changes
SELECT id, x FROM (SELECT id, CASE WHEN amount > 20 THEN -0e0 WHEN amount > 10 THEN 0e0 ELSE CAST(amount AS DOUBLE) END AS x FROM orders) o WHERE -x IN (SELECT amount * 0e0 FROM payments WHERE amount IS NOT NULL);

--- expect changes
{"id":1,"x":0.0}
{"id":12,"x":0.0}
{"id":28,"x":0.0}
{"id":33,"x":0.0}
{"id":34,"x":0.0}
{"id":4,"x":0.0}
{"id":4,"x":0.0}
{"id":5,"x":0.0}
{"id":6,"x":0.0}
{"id":8,"x":0.0}
{"id":8,"x":0.0}
