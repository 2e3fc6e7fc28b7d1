--- use tables.sql
INSERT INTO changes
SELECT id, count(*) OVER (PARTITION BY x) AS n, rank() OVER (ORDER BY x) AS place FROM (SELECT id, CASE WHEN price > 60 THEN -0e0 WHEN price > 30 THEN 0e0 ELSE CAST(price AS DOUBLE) END AS x FROM bids);

--- expect changes
{"id":0,"n":27,"place":1}
{"id":1,"n":1,"place":29}
{"id":10,"n":1,"place":28}
{"id":11,"n":27,"place":1}
{"id":12,"n":1,"place":36}
{"id":13,"n":1,"place":32}
{"id":14,"n":27,"place":1}
{"id":15,"n":27,"place":1}
{"id":16,"n":1,"place":31}
{"id":17,"n":27,"place":1}
{"id":18,"n":1,"place":37}
{"id":19,"n":27,"place":1}
{"id":2,"n":1,"place":30}
{"id":20,"n":27,"place":1}
{"id":21,"n":27,"place":1}
{"id":22,"n":27,"place":1}
{"id":23,"n":27,"place":1}
{"id":24,"n":27,"place":1}
{"id":25,"n":1,"place":39}
{"id":26,"n":27,"place":1}
{"id":27,"n":27,"place":1}
{"id":28,"n":27,"place":1}
{"id":29,"n":27,"place":1}
{"id":3,"n":27,"place":1}
{"id":30,"n":27,"place":1}
{"id":31,"n":27,"place":1}
{"id":32,"n":1,"place":38}
{"id":33,"n":1,"place":34}
{"id":34,"n":27,"place":1}
{"id":35,"n":27,"place":1}
{"id":36,"n":27,"place":1}
{"id":37,"n":1,"place":35}
{"id":38,"n":27,"place":1}
{"id":39,"n":27,"place":1}
{"id":4,"n":1,"place":40}
{"id":5,"n":27,"place":1}
{"id":6,"n":1,"place":33}
{"id":7,"n":27,"place":1}
{"id":8,"n":27,"place":1}
{"id":9,"n":27,"place":1}
