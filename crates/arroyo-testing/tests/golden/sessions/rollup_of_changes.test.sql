--- use tables.sql
INSERT INTO changes
SELECT session(INTERVAL '2 seconds') AS window, customer, count(*) AS n FROM orders GROUP BY session(INTERVAL '2 seconds'), ROLLUP (customer);

--- expect changes
{"window":{"start":"2024-01-01T00:00:07","end":"2024-01-01T00:00:09"},"customer":"ann","n":1}
{"window":{"start":"2024-01-01T00:00:24","end":"2024-01-01T00:00:27"},"customer":"ann","n":2}
{"window":{"start":"2024-01-01T00:00:11","end":"2024-01-01T00:00:13"},"customer":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:14","end":"2024-01-01T00:00:16"},"customer":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:17","end":"2024-01-01T00:00:19"},"customer":"bob","n":1}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:24"},"customer":"bob","n":2}
{"window":{"start":"2024-01-01T00:00:02","end":"2024-01-01T00:00:08"},"customer":"bob","n":4}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:02"},"customer":"cyd","n":1}
{"window":{"start":"2024-01-01T00:00:08","end":"2024-01-01T00:00:10"},"customer":"cyd","n":1}
{"window":{"start":"2024-01-01T00:00:12","end":"2024-01-01T00:00:14"},"customer":"cyd","n":1}
{"window":{"start":"2024-01-01T00:00:21","end":"2024-01-01T00:00:23"},"customer":"cyd","n":1}
{"window":{"start":"2024-01-01T00:00:03","end":"2024-01-01T00:00:05"},"customer":null,"n":1}
{"window":{"start":"2024-01-01T00:00:10","end":"2024-01-01T00:00:12"},"customer":null,"n":1}
{"window":{"start":"2024-01-01T00:00:13","end":"2024-01-01T00:00:15"},"customer":null,"n":1}
{"window":{"start":"2024-01-01T00:00:16","end":"2024-01-01T00:00:18"},"customer":null,"n":1}
{"window":{"start":"2024-01-01T00:00:23","end":"2024-01-01T00:00:25"},"customer":null,"n":1}
{"window":{"start":"2024-01-01T00:00:00","end":"2024-01-01T00:00:19"},"customer":null,"n":15}
{"window":{"start":"2024-01-01T00:00:20","end":"2024-01-01T00:00:27"},"customer":null,"n":6}
