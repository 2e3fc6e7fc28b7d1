--- use tables.sql
INSERT INTO out
SELECT id, count(*) OVER (PARTITION BY x ORDER BY at ROWS UNBOUNDED PRECEDING) AS n FROM (SELECT id, at, CASE WHEN price > 60 THEN -0e0 WHEN price > 30 THEN 0e0 ELSE CAST(price AS DOUBLE) END AS x FROM bids);

--- expect out
{"id":0,"n":1}
{"id":1,"n":1}
{"id":10,"n":1}
{"id":11,"n":7}
{"id":12,"n":1}
{"id":13,"n":1}
{"id":14,"n":8}
{"id":15,"n":9}
{"id":16,"n":1}
{"id":17,"n":10}
{"id":18,"n":1}
{"id":19,"n":11}
{"id":2,"n":1}
{"id":20,"n":13}
{"id":21,"n":12}
{"id":22,"n":15}
{"id":23,"n":16}
{"id":24,"n":14}
{"id":25,"n":1}
{"id":26,"n":19}
{"id":27,"n":18}
{"id":28,"n":17}
{"id":29,"n":21}
{"id":3,"n":3}
{"id":30,"n":20}
{"id":31,"n":22}
{"id":32,"n":1}
{"id":33,"n":1}
{"id":34,"n":23}
{"id":35,"n":24}
{"id":36,"n":25}
{"id":37,"n":1}
{"id":38,"n":27}
{"id":39,"n":26}
{"id":4,"n":1}
{"id":5,"n":4}
{"id":6,"n":1}
{"id":7,"n":2}
{"id":8,"n":6}
{"id":9,"n":5}
