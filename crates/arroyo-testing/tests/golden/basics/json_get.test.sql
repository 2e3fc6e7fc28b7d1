--- use ../tables.sql
INSERT INTO out
SELECT id, json_get_int(extra, 'k') AS k, extra ->> 'v' AS v FROM bids WHERE extra IS NOT NULL;

--- expect out
{"id":0,"k":null,"v":null}
{"id":1,"k":2,"v":null}
{"id":11,"k":1,"v":"one"}
{"id":12,"k":null,"v":null}
{"id":13,"k":1,"v":"one"}
{"id":14,"k":null,"v":null}
{"id":15,"k":1,"v":"one"}
{"id":16,"k":null,"v":null}
{"id":17,"k":1,"v":"one"}
{"id":19,"k":1,"v":"one"}
{"id":20,"k":null,"v":null}
{"id":21,"k":2,"v":null}
{"id":23,"k":null,"v":null}
{"id":24,"k":1,"v":"one"}
{"id":26,"k":null,"v":null}
{"id":27,"k":1,"v":"one"}
{"id":28,"k":1,"v":"one"}
{"id":29,"k":2,"v":null}
{"id":3,"k":1,"v":"one"}
{"id":32,"k":1,"v":"one"}
{"id":33,"k":1,"v":"one"}
{"id":34,"k":null,"v":null}
{"id":37,"k":2,"v":null}
{"id":38,"k":2,"v":null}
{"id":39,"k":null,"v":null}
{"id":4,"k":1,"v":"one"}
{"id":5,"k":null,"v":null}
