--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '5 seconds') AS window, customer, array_agg(amount ORDER BY id) AS amounts, count(DISTINCT amount) AS different FROM orders GROUP BY 1, 2;

--- expect changes
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:21"},"customer":null,"amounts":[10,20,35],"different":3}
{"window":{"start":"2024-01-01T00:00:08","end":"2024-01-01T00:00:17"},"customer":"cyd","amounts":[20,null],"different":1}
{"window":{"start":"2024-01-01T00:00:21","end":"2024-01-01T00:00:26"},"customer":"cyd","amounts":[20],"different":1}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:28"},"customer":null,"amounts":[20],"different":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:05"},"customer":"cyd","amounts":[35],"different":1}
{"window":{"start":"2024-01-01T00:00:02","end":"2024-01-01T00:00:27"},"customer":"bob","amounts":[5,5,5,5,35,null,null,35,10],"different":3}
{"window":{"start":"2024-01-01T00:00:24","end":"2024-01-01T00:00:30"},"customer":"ann","amounts":[5,null],"different":1}
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:12"},"customer":"ann","amounts":[5],"different":1}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:08"},"customer":null,"amounts":[null],"different":0}
