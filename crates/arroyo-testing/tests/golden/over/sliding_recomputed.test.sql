--- use tables.sql
INSERT INTO changes
SELECT id, bool_or(price > 60) OVER w AS dear, bit_and(price) OVER w AS bits, string_agg(CAST(price AS TEXT), ',') OVER w AS prices, sum(DISTINCT price * 1e0) OVER w AS total
FROM bids WINDOW w AS (ORDER BY id ROWS 1 PRECEDING);

--- expect changes
{"id":14,"dear":false,"bits":0,"prices":"10,37","total":47.0}
{"id":2,"dear":false,"bits":0,"prices":"5,8","total":13.0}
{"id":18,"dear":true,"bits":0,"prices":"73,20","total":93.0}
{"id":31,"dear":true,"bits":0,"prices":"34,85","total":119.0}
{"id":36,"dear":true,"bits":1,"prices":"65,57","total":122.0}
{"id":24,"dear":true,"bits":12,"prices":"46,93","total":139.0}
{"id":37,"dear":false,"bits":16,"prices":"57,16","total":73.0}
{"id":38,"dear":false,"bits":16,"prices":"16,51","total":67.0}
{"id":26,"dear":false,"bits":18,"prices":"27,50","total":77.0}
{"id":12,"dear":true,"bits":18,"prices":"95,18","total":113.0}
{"id":21,"dear":true,"bits":18,"prices":"62,83","total":145.0}
{"id":13,"dear":false,"bits":2,"prices":"18,10","total":28.0}
{"id":34,"dear":true,"bits":2,"prices":"14,98","total":112.0}
{"id":7,"dear":true,"bits":2,"prices":"11,66","total":77.0}
{"id":19,"dear":true,"bits":20,"prices":"20,62","total":82.0}
{"id":32,"dear":true,"bits":21,"prices":"85,23","total":108.0}
{"id":25,"dear":true,"bits":25,"prices":"93,27","total":120.0}
{"id":10,"dear":false,"bits":3,"prices":"35,3","total":38.0}
{"id":11,"dear":true,"bits":3,"prices":"3,95","total":98.0}
{"id":30,"dear":false,"bits":32,"prices":"56,34","total":90.0}
{"id":27,"dear":true,"bits":32,"prices":"50,96","total":146.0}
{"id":15,"dear":false,"bits":33,"prices":"37,59","total":96.0}
{"id":9,"dear":true,"bits":34,"prices":"98,35","total":133.0}
{"id":1,"dear":true,"bits":4,"prices":"84,5","total":89.0}
{"id":5,"dear":false,"bits":41,"prices":"41","total":41.0}
{"id":39,"dear":false,"bits":50,"prices":"51,54","total":105.0}
{"id":33,"dear":false,"bits":6,"prices":"23,14","total":37.0}
{"id":23,"dear":true,"bits":6,"prices":"70,46","total":116.0}
{"id":20,"dear":true,"bits":62,"prices":"62,62","total":62.0}
{"id":28,"dear":true,"bits":64,"prices":"96,79","total":175.0}
{"id":35,"dear":true,"bits":64,"prices":"98,65","total":163.0}
{"id":22,"dear":true,"bits":66,"prices":"83,70","total":153.0}
{"id":8,"dear":true,"bits":66,"prices":"66,98","total":164.0}
{"id":4,"dear":true,"bits":72,"prices":"72","total":72.0}
{"id":29,"dear":true,"bits":8,"prices":"79,56","total":135.0}
{"id":3,"dear":true,"bits":8,"prices":"8,72","total":80.0}
{"id":0,"dear":true,"bits":84,"prices":"84","total":84.0}
{"id":16,"dear":false,"bits":9,"prices":"59,9","total":68.0}
{"id":6,"dear":false,"bits":9,"prices":"41,11","total":52.0}
{"id":17,"dear":true,"bits":9,"prices":"9,73","total":82.0}
