--- use tables.sql
INSERT INTO out
SELECT o.id, city, age FROM orders o JOIN people p ON o.customer = p.name;

--- expect out
{"id":0,"city":"Bern","age":45}
{"id":0,"city":"Rome","age":45}
{"id":1,"city":null,"age":22}
{"id":10,"city":"Bern","age":45}
{"id":10,"city":"Rome","age":45}
{"id":12,"city":null,"age":22}
{"id":14,"city":null,"age":22}
{"id":15,"city":"Bern","age":45}
{"id":15,"city":"Bern","age":45}
{"id":15,"city":"Rome","age":45}
{"id":15,"city":"Rome","age":45}
{"id":16,"city":null,"age":22}
{"id":17,"city":"Bern","age":45}
{"id":17,"city":"Rome","age":45}
{"id":18,"city":"Bern","age":45}
{"id":18,"city":"Rome","age":45}
{"id":2,"city":"Oslo","age":31}
{"id":20,"city":"Oslo","age":31}
{"id":21,"city":"Oslo","age":31}
{"id":22,"city":"Oslo","age":31}
{"id":23,"city":"Oslo","age":31}
{"id":24,"city":"Oslo","age":31}
{"id":25,"city":"Oslo","age":31}
{"id":26,"city":"Oslo","age":31}
{"id":27,"city":"Bern","age":45}
{"id":27,"city":"Rome","age":45}
{"id":28,"city":"Oslo","age":31}
{"id":29,"city":null,"age":22}
{"id":3,"city":"Oslo","age":31}
{"id":31,"city":"Oslo","age":31}
{"id":32,"city":"Oslo","age":31}
{"id":33,"city":"Oslo","age":31}
{"id":34,"city":"Oslo","age":31}
{"id":35,"city":null,"age":22}
{"id":5,"city":"Oslo","age":31}
{"id":6,"city":"Bern","age":45}
{"id":6,"city":"Rome","age":45}
{"id":7,"city":"Oslo","age":31}
{"id":8,"city":"Oslo","age":31}
{"id":8,"city":"Oslo","age":31}
{"id":9,"city":"Oslo","age":31}
