--- use tables.sql
INSERT INTO changes
SELECT id, customer, amount, double_amount, placed FROM orders;

--- expect changes
{"id":22,"customer":"bob","amount":10,"double_amount":20,"placed":"2024-01-01T00:00:22"}
{"id":10,"customer":null,"amount":10,"double_amount":20,"placed":"2024-01-01T00:00:10"}
{"id":21,"customer":"cyd","amount":20,"double_amount":40,"placed":"2024-01-01T00:00:21"}
{"id":8,"customer":"cyd","amount":20,"double_amount":40,"placed":"2024-01-01T00:00:08"}
{"id":13,"customer":null,"amount":20,"double_amount":40,"placed":"2024-01-01T00:00:13"}
{"id":23,"customer":null,"amount":20,"double_amount":40,"placed":"2024-01-01T00:00:23"}
{"id":11,"customer":"bob","amount":35,"double_amount":70,"placed":"2024-01-01T00:00:11"}
{"id":20,"customer":"bob","amount":35,"double_amount":70,"placed":"2024-01-01T00:00:20"}
{"id":0,"customer":"cyd","amount":35,"double_amount":70,"placed":"2024-01-01T00:00:00"}
{"id":16,"customer":null,"amount":35,"double_amount":70,"placed":"2024-01-01T00:00:16"}
{"id":24,"customer":"ann","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:24"}
{"id":7,"customer":"ann","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:07"}
{"id":2,"customer":"bob","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:02"}
{"id":4,"customer":"bob","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:04"}
{"id":5,"customer":"bob","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:05"}
{"id":6,"customer":"bob","amount":5,"double_amount":10,"placed":"2024-01-01T00:00:06"}
{"id":25,"customer":"ann","amount":null,"double_amount":null,"placed":"2024-01-01T00:00:25"}
{"id":14,"customer":"bob","amount":null,"double_amount":null,"placed":"2024-01-01T00:00:14"}
{"id":17,"customer":"bob","amount":null,"double_amount":null,"placed":"2024-01-01T00:00:17"}
{"id":12,"customer":"cyd","amount":null,"double_amount":null,"placed":"2024-01-01T00:00:12"}
{"id":3,"customer":null,"amount":null,"double_amount":null,"placed":"2024-01-01T00:00:03"}
