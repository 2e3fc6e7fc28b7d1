--- use tables.sql
CREATE TABLE coarse_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', wait_for_control = false);
INSERT INTO out
SELECT o.id, o.customer, n.city, n.age FROM coarse_orders o LEFT JOIN people FOR SYSTEM_TIME AS OF o.at n ON o.customer = n.name;

--- input coarse_orders ../orders.ndjson

--- expect out
{"id":12,"customer":"cid","city":null,"age":22}
{"id":14,"customer":"cid","city":null,"age":22}
{"id":16,"customer":"cid","city":null,"age":22}
{"id":29,"customer":"cid","city":null,"age":22}
{"id":35,"customer":"cid","city":null,"age":22}
{"id":20,"customer":"ann","city":"Oslo","age":31}
{"id":21,"customer":"ann","city":"Oslo","age":31}
{"id":22,"customer":"ann","city":"Oslo","age":31}
{"id":23,"customer":"ann","city":"Oslo","age":31}
{"id":24,"customer":"ann","city":"Oslo","age":31}
{"id":25,"customer":"ann","city":"Oslo","age":31}
{"id":26,"customer":"ann","city":"Oslo","age":31}
{"id":28,"customer":"ann","city":"Oslo","age":31}
{"id":2,"customer":"ann","city":"Oslo","age":31}
{"id":31,"customer":"ann","city":"Oslo","age":31}
{"id":32,"customer":"ann","city":"Oslo","age":31}
{"id":33,"customer":"ann","city":"Oslo","age":31}
{"id":34,"customer":"ann","city":"Oslo","age":31}
{"id":3,"customer":"ann","city":"Oslo","age":31}
{"id":5,"customer":"ann","city":"Oslo","age":31}
{"id":7,"customer":"ann","city":"Oslo","age":31}
{"id":8,"customer":"ann","city":"Oslo","age":31}
{"id":8,"customer":"ann","city":"Oslo","age":31}
{"id":9,"customer":"ann","city":"Oslo","age":31}
{"id":15,"customer":"bob","city":"Bern","age":45}
{"id":15,"customer":"bob","city":"Bern","age":45}
{"id":18,"customer":"bob","city":"Bern","age":45}
{"id":27,"customer":"bob","city":"Bern","age":45}
{"id":0,"customer":"bob","city":"Rome","age":45}
{"id":10,"customer":"bob","city":"Rome","age":45}
{"id":17,"customer":"bob","city":"Rome","age":45}
{"id":6,"customer":"bob","city":"Rome","age":45}
{"id":1,"customer":"cid","city":null,"age":null}
{"id":13,"customer":"zoe","city":null,"age":null}
{"id":19,"customer":"zoe","city":null,"age":null}
{"id":4,"customer":"zoe","city":null,"age":null}
{"id":4,"customer":"zoe","city":null,"age":null}
{"id":11,"customer":null,"city":null,"age":null}
{"id":30,"customer":null,"city":null,"age":null}
