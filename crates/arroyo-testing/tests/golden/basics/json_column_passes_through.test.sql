--- use ../tables.sql
INSERT INTO out
SELECT id, extra FROM bids;

--- expect out
{"id":0,"extra":{"list": [1, 2, 3]}}
{"id":1,"extra":{"k": 2}}
{"id":10,"extra":null}
{"id":11,"extra":{"k": 1, "v": "one"}}
{"id":12,"extra":{"list": [1, 2, 3]}}
{"id":13,"extra":{"k": 1, "v": "one"}}
{"id":14,"extra":{"list": [1, 2, 3]}}
{"id":15,"extra":{"k": 1, "v": "one"}}
{"id":16,"extra":{"list": [1, 2, 3]}}
{"id":17,"extra":{"k": 1, "v": "one"}}
{"id":18,"extra":null}
{"id":19,"extra":{"k": 1, "v": "one"}}
{"id":2,"extra":null}
{"id":20,"extra":{"list": [1, 2, 3]}}
{"id":21,"extra":{"k": 2}}
{"id":22,"extra":null}
{"id":23,"extra":{"list": [1, 2, 3]}}
{"id":24,"extra":{"k": 1, "v": "one"}}
{"id":25,"extra":null}
{"id":26,"extra":{"list": [1, 2, 3]}}
{"id":27,"extra":{"k": 1, "v": "one"}}
{"id":28,"extra":{"k": 1, "v": "one"}}
{"id":29,"extra":{"k": 2}}
{"id":3,"extra":{"k": 1, "v": "one"}}
{"id":30,"extra":null}
{"id":31,"extra":null}
{"id":32,"extra":{"k": 1, "v": "one"}}
{"id":33,"extra":{"k": 1, "v": "one"}}
{"id":34,"extra":{"list": [1, 2, 3]}}
{"id":35,"extra":null}
{"id":36,"extra":null}
{"id":37,"extra":{"k": 2}}
{"id":38,"extra":{"k": 2}}
{"id":39,"extra":{"list": [1, 2, 3]}}
{"id":4,"extra":{"k": 1, "v": "one"}}
{"id":5,"extra":{"list": [1, 2, 3]}}
{"id":6,"extra":null}
{"id":7,"extra":null}
{"id":8,"extra":null}
{"id":9,"extra":null}
