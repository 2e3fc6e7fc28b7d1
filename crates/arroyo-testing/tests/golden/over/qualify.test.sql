--- use tables.sql
INSERT INTO changes
SELECT auction, id, price FROM bids QUALIFY row_number() OVER w <= 2 WINDOW w AS (PARTITION BY auction ORDER BY price DESC, id);

--- expect changes
{"auction":1,"id":0,"price":84}
{"auction":1,"id":21,"price":83}
{"auction":2,"id":27,"price":96}
{"auction":2,"id":34,"price":98}
{"auction":3,"id":4,"price":null}
{"auction":3,"id":8,"price":98}
