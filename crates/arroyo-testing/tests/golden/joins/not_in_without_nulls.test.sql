--- use tables.sql
INSERT INTO changes
SELECT id, customer FROM orders WHERE customer NOT IN (SELECT name FROM people WHERE name IS NOT NULL AND age > 35);

--- expect changes
{"customer":"ann","id":20}
{"customer":"ann","id":21}
{"customer":"ann","id":22}
{"customer":"ann","id":23}
{"customer":"ann","id":24}
{"customer":"ann","id":25}
{"customer":"ann","id":26}
{"customer":"ann","id":28}
{"customer":"ann","id":2}
{"customer":"ann","id":31}
{"customer":"ann","id":32}
{"customer":"ann","id":33}
{"customer":"ann","id":34}
{"customer":"ann","id":3}
{"customer":"ann","id":5}
{"customer":"ann","id":7}
{"customer":"ann","id":8}
{"customer":"ann","id":8}
{"customer":"ann","id":9}
{"customer":"cid","id":12}
{"customer":"cid","id":14}
{"customer":"cid","id":16}
{"customer":"cid","id":1}
{"customer":"cid","id":29}
{"customer":"cid","id":35}
{"customer":"zoe","id":13}
{"customer":"zoe","id":19}
{"customer":"zoe","id":4}
{"customer":"zoe","id":4}
