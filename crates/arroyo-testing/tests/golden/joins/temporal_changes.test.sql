--- use tables.sql
CREATE TABLE discounts (
    customer TEXT PRIMARY KEY,
    discount BIGINT,
    since TIMESTAMP NOT NULL,
    WATERMARK FOR since
) WITH (connector = 'single_file', path = '$data/joins/discounts_data.ndjson', type = 'source', format = 'debezium_json', wait_for_control = false);
INSERT INTO out
SELECT o.id, o.customer, d.discount FROM orders o LEFT JOIN discounts FOR SYSTEM_TIME AS OF o.at AS d ON o.customer = d.customer;

--- input discounts discounts_data.ndjson

--- expect out
{"id":0,"customer":"bob","discount":10}
{"id":1,"customer":"cid","discount":null}
{"id":10,"customer":"bob","discount":11}
{"id":11,"customer":null,"discount":null}
{"id":12,"customer":"cid","discount":21}
{"id":13,"customer":"zoe","discount":null}
{"id":14,"customer":"cid","discount":21}
{"id":15,"customer":"bob","discount":11}
{"id":15,"customer":"bob","discount":11}
{"id":16,"customer":"cid","discount":20}
{"id":17,"customer":"bob","discount":11}
{"id":18,"customer":"bob","discount":null}
{"id":19,"customer":"zoe","discount":null}
{"id":2,"customer":"ann","discount":1}
{"id":20,"customer":"ann","discount":4}
{"id":21,"customer":"ann","discount":4}
{"id":22,"customer":"ann","discount":5}
{"id":23,"customer":"ann","discount":4}
{"id":24,"customer":"ann","discount":5}
{"id":25,"customer":"ann","discount":5}
{"id":26,"customer":"ann","discount":6}
{"id":27,"customer":"bob","discount":null}
{"id":28,"customer":"ann","discount":6}
{"id":29,"customer":"cid","discount":22}
{"id":3,"customer":"ann","discount":2}
{"id":30,"customer":null,"discount":null}
{"id":31,"customer":"ann","discount":6}
{"id":32,"customer":"ann","discount":6}
{"id":33,"customer":"ann","discount":7}
{"id":34,"customer":"ann","discount":7}
{"id":35,"customer":"cid","discount":23}
{"id":4,"customer":"zoe","discount":null}
{"id":4,"customer":"zoe","discount":null}
{"id":5,"customer":"ann","discount":2}
{"id":6,"customer":"bob","discount":10}
{"id":7,"customer":"ann","discount":1}
{"id":8,"customer":"ann","discount":3}
{"id":8,"customer":"ann","discount":3}
{"id":9,"customer":"ann","discount":2}
