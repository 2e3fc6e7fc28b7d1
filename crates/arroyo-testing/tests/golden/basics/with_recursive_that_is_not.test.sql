--- use ../tables.sql
INSERT INTO out
WITH RECURSIVE t AS (SELECT id, price FROM bids WHERE price > 50) SELECT id FROM t;

--- expect out
{"id":0}
{"id":11}
{"id":15}
{"id":17}
{"id":19}
{"id":20}
{"id":21}
{"id":22}
{"id":24}
{"id":27}
{"id":28}
{"id":29}
{"id":31}
{"id":34}
{"id":35}
{"id":36}
{"id":38}
{"id":39}
{"id":3}
{"id":7}
{"id":8}
