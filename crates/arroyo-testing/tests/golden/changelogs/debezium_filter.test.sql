--- use tables.sql
INSERT INTO changes
SELECT customer, amount FROM orders WHERE amount > 5;

--- expect changes
{"customer":"bob","amount":10}
{"customer":null,"amount":10}
{"customer":"cyd","amount":20}
{"customer":"cyd","amount":20}
{"customer":null,"amount":20}
{"customer":null,"amount":20}
{"customer":"bob","amount":35}
{"customer":"bob","amount":35}
{"customer":"cyd","amount":35}
{"customer":null,"amount":35}
