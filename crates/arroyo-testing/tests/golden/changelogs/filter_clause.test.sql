--- use tables.sql
INSERT INTO changes
SELECT channel, count(*) FILTER (WHERE price > 50) AS dear, sum(price) FILTER (WHERE price <= 50) AS cheap FROM bids GROUP BY channel;

--- expect changes
{"channel":"app","dear":9,"cheap":108}
{"channel":"tv","dear":5,"cheap":158}
{"channel":"web","dear":4,"cheap":110}
{"channel":null,"dear":3,"cheap":31}
