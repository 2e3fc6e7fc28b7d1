--- use tables.sql
SET updating_ttl = INTERVAL '1 millisecond';
CREATE TABLE kept_orders (id BIGINT NOT NULL, customer TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at AS at - INTERVAL '5 seconds')
WITH (connector = 'single_file', path = '$data/orders.ndjson', type = 'source', format = 'json', updating_ttl = INTERVAL '0 seconds', wait_for_control = false);
CREATE TABLE kept_people (name TEXT, city TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '$data/people.ndjson', type = 'source', format = 'json', updating_ttl = '30 days', wait_for_control = false);
INSERT INTO changes SELECT o.id, o.customer, p.city FROM kept_orders o LEFT JOIN kept_people p ON o.customer = p.name;

--- input kept_orders ../orders.ndjson
--- input kept_people ../people.ndjson

--- expect changes
{"city":"Bern","customer":"bob","id":0}
{"city":"Bern","customer":"bob","id":10}
{"city":"Bern","customer":"bob","id":15}
{"city":"Bern","customer":"bob","id":15}
{"city":"Bern","customer":"bob","id":17}
{"city":"Bern","customer":"bob","id":18}
{"city":"Bern","customer":"bob","id":27}
{"city":"Bern","customer":"bob","id":6}
{"city":"Oslo","customer":"ann","id":20}
{"city":"Oslo","customer":"ann","id":21}
{"city":"Oslo","customer":"ann","id":22}
{"city":"Oslo","customer":"ann","id":23}
{"city":"Oslo","customer":"ann","id":24}
{"city":"Oslo","customer":"ann","id":25}
{"city":"Oslo","customer":"ann","id":26}
{"city":"Oslo","customer":"ann","id":28}
{"city":"Oslo","customer":"ann","id":2}
{"city":"Oslo","customer":"ann","id":31}
{"city":"Oslo","customer":"ann","id":32}
{"city":"Oslo","customer":"ann","id":33}
{"city":"Oslo","customer":"ann","id":34}
{"city":"Oslo","customer":"ann","id":3}
{"city":"Oslo","customer":"ann","id":5}
{"city":"Oslo","customer":"ann","id":7}
{"city":"Oslo","customer":"ann","id":8}
{"city":"Oslo","customer":"ann","id":8}
{"city":"Oslo","customer":"ann","id":9}
{"city":"Rome","customer":"bob","id":0}
{"city":"Rome","customer":"bob","id":10}
{"city":"Rome","customer":"bob","id":15}
{"city":"Rome","customer":"bob","id":15}
{"city":"Rome","customer":"bob","id":17}
{"city":"Rome","customer":"bob","id":18}
{"city":"Rome","customer":"bob","id":27}
{"city":"Rome","customer":"bob","id":6}
{"city":null,"customer":"cid","id":12}
{"city":null,"customer":"cid","id":14}
{"city":null,"customer":"cid","id":16}
{"city":null,"customer":"cid","id":1}
{"city":null,"customer":"cid","id":29}
{"city":null,"customer":"cid","id":35}
{"city":null,"customer":"zoe","id":13}
{"city":null,"customer":"zoe","id":19}
{"city":null,"customer":"zoe","id":4}
{"city":null,"customer":"zoe","id":4}
{"city":null,"customer":null,"id":11}
{"city":null,"customer":null,"id":30}
