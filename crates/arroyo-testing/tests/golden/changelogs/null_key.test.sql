--- use tables.sql
INSERT INTO changes
SELECT price, count(*) AS n FROM bids GROUP BY price;

--- expect changes
{"price":10,"n":1}
{"price":11,"n":1}
{"price":14,"n":1}
{"price":16,"n":1}
{"price":18,"n":1}
{"price":20,"n":1}
{"price":23,"n":1}
{"price":27,"n":1}
{"price":34,"n":1}
{"price":35,"n":1}
{"price":37,"n":1}
{"price":3,"n":1}
{"price":41,"n":1}
{"price":46,"n":1}
{"price":50,"n":1}
{"price":51,"n":1}
{"price":54,"n":1}
{"price":56,"n":1}
{"price":57,"n":1}
{"price":59,"n":1}
{"price":5,"n":1}
{"price":65,"n":1}
{"price":66,"n":1}
{"price":70,"n":1}
{"price":72,"n":1}
{"price":73,"n":1}
{"price":79,"n":1}
{"price":83,"n":1}
{"price":84,"n":1}
{"price":85,"n":1}
{"price":8,"n":1}
{"price":93,"n":1}
{"price":95,"n":1}
{"price":96,"n":1}
{"price":9,"n":1}
{"price":null,"n":1}
{"price":62,"n":2}
{"price":98,"n":2}
