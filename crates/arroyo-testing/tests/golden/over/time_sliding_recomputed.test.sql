--- use tables.sql
INSERT INTO out
SELECT id, bool_or(price > 60) OVER w AS dear, bit_and(price) OVER w AS bits, string_agg(CAST(price AS TEXT), ',') OVER w AS prices
FROM bids WINDOW w AS (PARTITION BY bidder ORDER BY at, id ROWS 1 PRECEDING);

--- expect out
{"id":14,"dear":false,"bits":0,"prices":"18,37"}
{"id":18,"dear":false,"bits":0,"prices":"41,20"}
{"id":37,"dear":false,"bits":0,"prices":"34,16"}
{"id":2,"dear":true,"bits":0,"prices":"84,8"}
{"id":26,"dear":true,"bits":0,"prices":"73,50"}
{"id":35,"dear":true,"bits":0,"prices":"14,65"}
{"id":9,"dear":true,"bits":0,"prices":"72,35"}
{"id":21,"dear":true,"bits":1,"prices":"37,83"}
{"id":36,"dear":true,"bits":1,"prices":"65,57"}
{"id":15,"dear":false,"bits":10,"prices":"10,59"}
{"id":6,"dear":false,"bits":11,"prices":"11"}
{"id":11,"dear":true,"bits":11,"prices":"11,95"}
{"id":23,"dear":true,"bits":12,"prices":"93,46"}
{"id":32,"dear":false,"bits":16,"prices":"56,23"}
{"id":39,"dear":false,"bits":16,"prices":"16,54"}
{"id":20,"dear":true,"bits":18,"prices":"83,62"}
{"id":12,"dear":false,"bits":2,"prices":"3,18"}
{"id":30,"dear":false,"bits":2,"prices":"27,34"}
{"id":13,"dear":true,"bits":2,"prices":"98,10"}
{"id":25,"dear":true,"bits":2,"prices":"70,27"}
{"id":19,"dear":true,"bits":20,"prices":"20,62"}
{"id":24,"dear":true,"bits":28,"prices":"62,93"}
{"id":10,"dear":false,"bits":3,"prices":"3"}
{"id":27,"dear":true,"bits":32,"prices":"46,96"}
{"id":34,"dear":true,"bits":34,"prices":"50,98"}
{"id":38,"dear":true,"bits":34,"prices":"98,51"}
{"id":8,"dear":true,"bits":34,"prices":"35,98"}
{"id":33,"dear":true,"bits":4,"prices":"85,14"}
{"id":1,"dear":false,"bits":5,"prices":"5"}
{"id":4,"dear":false,"bits":5,"prices":"5"}
{"id":22,"dear":true,"bits":6,"prices":"62,70"}
{"id":3,"dear":true,"bits":64,"prices":"66,72"}
{"id":31,"dear":true,"bits":64,"prices":"96,85"}
{"id":7,"dear":true,"bits":66,"prices":"66"}
{"id":5,"dear":false,"bits":8,"prices":"8,41"}
{"id":29,"dear":true,"bits":8,"prices":"79,56"}
{"id":0,"dear":true,"bits":84,"prices":"84"}
{"id":16,"dear":true,"bits":9,"prices":"95,9"}
{"id":17,"dear":true,"bits":9,"prices":"59,73"}
{"id":28,"dear":true,"bits":9,"prices":"9,79"}
