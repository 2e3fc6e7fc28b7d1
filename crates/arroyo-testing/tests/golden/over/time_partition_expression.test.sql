--- use tables.sql
INSERT INTO out
SELECT id, row_number() OVER (PARTITION BY price > 50, channel ORDER BY at, id DESC) AS number FROM bids;

--- expect out
{"id":0,"number":1}
{"id":1,"number":1}
{"id":10,"number":3}
{"id":11,"number":2}
{"id":12,"number":4}
{"id":13,"number":1}
{"id":14,"number":3}
{"id":15,"number":2}
{"id":16,"number":2}
{"id":17,"number":3}
{"id":18,"number":2}
{"id":19,"number":3}
{"id":2,"number":2}
{"id":20,"number":4}
{"id":21,"number":2}
{"id":22,"number":5}
{"id":23,"number":4}
{"id":24,"number":2}
{"id":25,"number":5}
{"id":26,"number":3}
{"id":27,"number":3}
{"id":28,"number":4}
{"id":29,"number":6}
{"id":3,"number":1}
{"id":30,"number":6}
{"id":31,"number":7}
{"id":32,"number":4}
{"id":33,"number":5}
{"id":34,"number":4}
{"id":35,"number":8}
{"id":36,"number":3}
{"id":37,"number":5}
{"id":38,"number":5}
{"id":39,"number":9}
{"id":4,"number":1}
{"id":5,"number":1}
{"id":6,"number":1}
{"id":7,"number":1}
{"id":8,"number":1}
{"id":9,"number":2}
