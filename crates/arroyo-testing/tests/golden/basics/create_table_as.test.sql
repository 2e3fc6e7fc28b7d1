--- use ../tables.sql
CREATE TABLE cheap AS SELECT id, price FROM bids WHERE price < 20;
INSERT INTO out SELECT * FROM cheap;

--- expect out
{"id":1,"price":5}
{"id":10,"price":3}
{"id":12,"price":18}
{"id":13,"price":10}
{"id":16,"price":9}
{"id":2,"price":8}
{"id":33,"price":14}
{"id":37,"price":16}
{"id":6,"price":11}
