--- use tables.sql
INSERT INTO out
SELECT o.id, o.customer, c.city FROM orders o LEFT JOIN customers FOR SYSTEM_TIME AS OF o.at AS c ON o.customer = c.name;

--- expect out
{"id":20,"customer":"ann","city":"Oslo"}
{"id":21,"customer":"ann","city":"Oslo"}
{"id":22,"customer":"ann","city":"Oslo"}
{"id":23,"customer":"ann","city":"Oslo"}
{"id":24,"customer":"ann","city":"Oslo"}
{"id":25,"customer":"ann","city":"Oslo"}
{"id":26,"customer":"ann","city":"Oslo"}
{"id":28,"customer":"ann","city":"Oslo"}
{"id":2,"customer":"ann","city":"Oslo"}
{"id":31,"customer":"ann","city":"Oslo"}
{"id":32,"customer":"ann","city":"Oslo"}
{"id":33,"customer":"ann","city":"Oslo"}
{"id":34,"customer":"ann","city":"Oslo"}
{"id":3,"customer":"ann","city":"Oslo"}
{"id":5,"customer":"ann","city":"Oslo"}
{"id":7,"customer":"ann","city":"Oslo"}
{"id":8,"customer":"ann","city":"Oslo"}
{"id":8,"customer":"ann","city":"Oslo"}
{"id":9,"customer":"ann","city":"Oslo"}
{"id":0,"customer":"bob","city":"Rome"}
{"id":10,"customer":"bob","city":"Rome"}
{"id":15,"customer":"bob","city":"Rome"}
{"id":15,"customer":"bob","city":"Rome"}
{"id":17,"customer":"bob","city":"Rome"}
{"id":18,"customer":"bob","city":"Rome"}
{"id":27,"customer":"bob","city":"Rome"}
{"id":6,"customer":"bob","city":"Rome"}
{"id":12,"customer":"cid","city":null}
{"id":14,"customer":"cid","city":null}
{"id":16,"customer":"cid","city":null}
{"id":1,"customer":"cid","city":null}
{"id":29,"customer":"cid","city":null}
{"id":35,"customer":"cid","city":null}
{"id":13,"customer":"zoe","city":null}
{"id":19,"customer":"zoe","city":null}
{"id":4,"customer":"zoe","city":null}
{"id":4,"customer":"zoe","city":null}
{"id":11,"customer":null,"city":null}
{"id":30,"customer":null,"city":null}
