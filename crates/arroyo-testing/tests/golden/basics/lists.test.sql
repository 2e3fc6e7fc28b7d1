--- use ../tables.sql
INSERT INTO out
SELECT id, cardinality(tags) AS n, tags[1] AS first, array_has(tags, 'hot') AS hot FROM bids;

--- expect out
{"id":0,"n":0,"first":null,"hot":false}
{"id":1,"n":3,"first":"sale","hot":true}
{"id":10,"n":2,"first":"new","hot":true}
{"id":11,"n":3,"first":"sale","hot":true}
{"id":12,"n":null,"first":null,"hot":null}
{"id":13,"n":1,"first":"new","hot":false}
{"id":14,"n":1,"first":"new","hot":false}
{"id":15,"n":3,"first":"sale","hot":true}
{"id":16,"n":3,"first":"sale","hot":true}
{"id":17,"n":null,"first":null,"hot":null}
{"id":18,"n":2,"first":"new","hot":true}
{"id":19,"n":2,"first":"new","hot":true}
{"id":2,"n":1,"first":"new","hot":false}
{"id":20,"n":null,"first":null,"hot":null}
{"id":21,"n":2,"first":"new","hot":true}
{"id":22,"n":null,"first":null,"hot":null}
{"id":23,"n":0,"first":null,"hot":false}
{"id":24,"n":2,"first":"new","hot":true}
{"id":25,"n":null,"first":null,"hot":null}
{"id":26,"n":3,"first":"sale","hot":true}
{"id":27,"n":1,"first":"new","hot":false}
{"id":28,"n":2,"first":"new","hot":true}
{"id":29,"n":1,"first":"new","hot":false}
{"id":3,"n":2,"first":"new","hot":true}
{"id":30,"n":1,"first":"new","hot":false}
{"id":31,"n":null,"first":null,"hot":null}
{"id":32,"n":3,"first":"sale","hot":true}
{"id":33,"n":1,"first":"new","hot":false}
{"id":34,"n":3,"first":"sale","hot":true}
{"id":35,"n":null,"first":null,"hot":null}
{"id":36,"n":0,"first":null,"hot":false}
{"id":37,"n":2,"first":"new","hot":true}
{"id":38,"n":1,"first":"new","hot":false}
{"id":39,"n":2,"first":"new","hot":true}
{"id":4,"n":2,"first":"new","hot":true}
{"id":5,"n":null,"first":null,"hot":null}
{"id":6,"n":null,"first":null,"hot":null}
{"id":7,"n":1,"first":"new","hot":false}
{"id":8,"n":2,"first":"new","hot":true}
{"id":9,"n":0,"first":null,"hot":false}
