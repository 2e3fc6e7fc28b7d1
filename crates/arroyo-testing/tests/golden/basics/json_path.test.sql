--- use ../tables.sql
INSERT INTO out
SELECT id, extract_json_string(extra, '$.v') AS v, get_first_json_object(extra, '$.list[1]') AS second FROM bids;

--- expect out
{"id":0,"v":null,"second":"2"}
{"id":1,"v":null,"second":null}
{"id":10,"v":null,"second":null}
{"id":11,"v":"one","second":null}
{"id":12,"v":null,"second":"2"}
{"id":13,"v":"one","second":null}
{"id":14,"v":null,"second":"2"}
{"id":15,"v":"one","second":null}
{"id":16,"v":null,"second":"2"}
{"id":17,"v":"one","second":null}
{"id":18,"v":null,"second":null}
{"id":19,"v":"one","second":null}
{"id":2,"v":null,"second":null}
{"id":20,"v":null,"second":"2"}
{"id":21,"v":null,"second":null}
{"id":22,"v":null,"second":null}
{"id":23,"v":null,"second":"2"}
{"id":24,"v":"one","second":null}
{"id":25,"v":null,"second":null}
{"id":26,"v":null,"second":"2"}
{"id":27,"v":"one","second":null}
{"id":28,"v":"one","second":null}
{"id":29,"v":null,"second":null}
{"id":3,"v":"one","second":null}
{"id":30,"v":null,"second":null}
{"id":31,"v":null,"second":null}
{"id":32,"v":"one","second":null}
{"id":33,"v":"one","second":null}
{"id":34,"v":null,"second":"2"}
{"id":35,"v":null,"second":null}
{"id":36,"v":null,"second":null}
{"id":37,"v":null,"second":null}
{"id":38,"v":null,"second":null}
{"id":39,"v":null,"second":"2"}
{"id":4,"v":"one","second":null}
{"id":5,"v":null,"second":"2"}
{"id":6,"v":null,"second":null}
{"id":7,"v":null,"second":null}
{"id":8,"v":null,"second":null}
{"id":9,"v":null,"second":null}
