--- use ../tables.sql
CREATE TABLE kept (id BIGINT, price BIGINT);
INSERT INTO kept SELECT id, price FROM bids WHERE price IS NOT NULL;
INSERT INTO out SELECT id FROM kept WHERE price > 30;

--- expect out
{"id":0}
{"id":11}
{"id":14}
{"id":15}
{"id":17}
{"id":19}
{"id":20}
{"id":21}
{"id":22}
{"id":23}
{"id":24}
{"id":26}
{"id":27}
{"id":28}
{"id":29}
{"id":30}
{"id":31}
{"id":34}
{"id":35}
{"id":36}
{"id":38}
{"id":39}
{"id":3}
{"id":5}
{"id":7}
{"id":8}
{"id":9}
