--- use tables.sql
INSERT INTO out
SELECT id, sum(price) OVER (ORDER BY at RANGE BETWEEN INTERVAL '10' SECOND PRECEDING AND INTERVAL '5' SECOND PRECEDING) AS earlier FROM bids;

--- expect out
{"id":36,"earlier":108}
{"id":27,"earlier":145}
{"id":28,"earlier":145}
{"id":15,"earlier":147}
{"id":38,"earlier":177}
{"id":13,"earlier":185}
{"id":39,"earlier":200}
{"id":16,"earlier":214}
{"id":17,"earlier":219}
{"id":18,"earlier":219}
{"id":19,"earlier":219}
{"id":37,"earlier":220}
{"id":8,"earlier":235}
{"id":14,"earlier":238}
{"id":26,"earlier":238}
{"id":30,"earlier":238}
{"id":29,"earlier":271}
{"id":10,"earlier":276}
{"id":11,"earlier":287}
{"id":12,"earlier":287}
{"id":23,"earlier":83}
{"id":25,"earlier":83}
{"id":35,"earlier":85}
{"id":0,"earlier":null}
{"id":1,"earlier":null}
{"id":20,"earlier":null}
{"id":21,"earlier":null}
{"id":22,"earlier":null}
{"id":24,"earlier":null}
{"id":2,"earlier":null}
{"id":31,"earlier":null}
{"id":32,"earlier":null}
{"id":33,"earlier":null}
{"id":34,"earlier":null}
{"id":3,"earlier":null}
{"id":4,"earlier":null}
{"id":5,"earlier":null}
{"id":6,"earlier":null}
{"id":7,"earlier":null}
{"id":9,"earlier":null}
