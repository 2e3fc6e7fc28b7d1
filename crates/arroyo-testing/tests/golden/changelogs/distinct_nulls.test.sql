--- use tables.sql
INSERT INTO changes
SELECT DISTINCT price FROM bids;

--- expect changes
{"price":10}
{"price":11}
{"price":14}
{"price":16}
{"price":18}
{"price":20}
{"price":23}
{"price":27}
{"price":34}
{"price":35}
{"price":37}
{"price":3}
{"price":41}
{"price":46}
{"price":50}
{"price":51}
{"price":54}
{"price":56}
{"price":57}
{"price":59}
{"price":5}
{"price":62}
{"price":65}
{"price":66}
{"price":70}
{"price":72}
{"price":73}
{"price":79}
{"price":83}
{"price":84}
{"price":85}
{"price":8}
{"price":93}
{"price":95}
{"price":96}
{"price":98}
{"price":9}
{"price":null}
