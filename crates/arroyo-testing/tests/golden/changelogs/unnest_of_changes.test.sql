--- use tables.sql
INSERT INTO changes
SELECT channel, unnest(ids) AS id FROM (SELECT channel, array_agg(id ORDER BY id) AS ids FROM bids GROUP BY channel) AS v;

--- expect changes
{"channel":"app","id":11}
{"channel":"app","id":13}
{"channel":"app","id":16}
{"channel":"app","id":17}
{"channel":"app","id":20}
{"channel":"app","id":22}
{"channel":"app","id":26}
{"channel":"app","id":29}
{"channel":"app","id":31}
{"channel":"app","id":32}
{"channel":"app","id":35}
{"channel":"app","id":37}
{"channel":"app","id":39}
{"channel":"app","id":3}
{"channel":"app","id":4}
{"channel":"tv","id":10}
{"channel":"tv","id":12}
{"channel":"tv","id":15}
{"channel":"tv","id":19}
{"channel":"tv","id":25}
{"channel":"tv","id":28}
{"channel":"tv","id":30}
{"channel":"tv","id":38}
{"channel":"tv","id":5}
{"channel":"tv","id":7}
{"channel":"tv","id":9}
{"channel":"web","id":0}
{"channel":"web","id":14}
{"channel":"web","id":1}
{"channel":"web","id":21}
{"channel":"web","id":23}
{"channel":"web","id":27}
{"channel":"web","id":2}
{"channel":"web","id":33}
{"channel":"web","id":34}
{"channel":null,"id":18}
{"channel":null,"id":24}
{"channel":null,"id":36}
{"channel":null,"id":6}
{"channel":null,"id":8}
