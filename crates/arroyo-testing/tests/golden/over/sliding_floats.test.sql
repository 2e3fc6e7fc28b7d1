--- use tables.sql
INSERT INTO changes
SELECT id, sum(x) OVER w AS total, avg(x) OVER w AS mean, stddev_pop(x) OVER w = 0 AS same, sum(x) FILTER (WHERE id % 2 = 0) OVER w AS even, avg(id) OVER w AS middle
FROM (SELECT id, CASE WHEN id % 10 = 3 THEN 1e16 ELSE floor(id / 4) END AS x FROM bids) WINDOW w AS (ORDER BY id ROWS 1 PRECEDING);

--- expect changes
{"id":0,"total":0.0,"mean":0.0,"same":true,"even":0.0,"middle":0.0}
{"id":1,"total":0.0,"mean":0.0,"same":true,"even":0.0,"middle":0.5}
{"id":2,"total":0.0,"mean":0.0,"same":true,"even":0.0,"middle":1.5}
{"id":3,"total":1e+16,"mean":5000000000000000.0,"same":false,"even":0.0,"middle":2.5}
{"id":4,"total":1e+16,"mean":5000000000000000.0,"same":false,"even":1.0,"middle":3.5}
{"id":5,"total":2.0,"mean":1.0,"same":true,"even":1.0,"middle":4.5}
{"id":6,"total":2.0,"mean":1.0,"same":true,"even":1.0,"middle":5.5}
{"id":7,"total":2.0,"mean":1.0,"same":true,"even":1.0,"middle":6.5}
{"id":10,"total":4.0,"mean":2.0,"same":true,"even":2.0,"middle":9.5}
{"id":11,"total":4.0,"mean":2.0,"same":true,"even":2.0,"middle":10.5}
{"id":8,"total":3.0,"mean":1.5,"same":false,"even":2.0,"middle":7.5}
{"id":9,"total":4.0,"mean":2.0,"same":true,"even":2.0,"middle":8.5}
{"id":12,"total":5.0,"mean":2.5,"same":false,"even":3.0,"middle":11.5}
{"id":13,"total":1.0000000000000004e+16,"mean":5000000000000002.0,"same":false,"even":3.0,"middle":12.5}
{"id":14,"total":1.0000000000000004e+16,"mean":5000000000000002.0,"same":false,"even":3.0,"middle":13.5}
{"id":15,"total":6.0,"mean":3.0,"same":true,"even":3.0,"middle":14.5}
{"id":16,"total":7.0,"mean":3.5,"same":false,"even":4.0,"middle":15.5}
{"id":17,"total":8.0,"mean":4.0,"same":true,"even":4.0,"middle":16.5}
{"id":18,"total":8.0,"mean":4.0,"same":true,"even":4.0,"middle":17.5}
{"id":19,"total":8.0,"mean":4.0,"same":true,"even":4.0,"middle":18.5}
{"id":20,"total":9.0,"mean":4.5,"same":false,"even":5.0,"middle":19.5}
{"id":21,"total":10.0,"mean":5.0,"same":true,"even":5.0,"middle":20.5}
{"id":22,"total":10.0,"mean":5.0,"same":true,"even":5.0,"middle":21.5}
{"id":23,"total":1.0000000000000004e+16,"mean":5000000000000002.0,"same":false,"even":5.0,"middle":22.5}
{"id":24,"total":1.0000000000000006e+16,"mean":5000000000000003.0,"same":false,"even":6.0,"middle":23.5}
{"id":25,"total":12.0,"mean":6.0,"same":true,"even":6.0,"middle":24.5}
{"id":26,"total":12.0,"mean":6.0,"same":true,"even":6.0,"middle":25.5}
{"id":27,"total":12.0,"mean":6.0,"same":true,"even":6.0,"middle":26.5}
{"id":28,"total":13.0,"mean":6.5,"same":false,"even":7.0,"middle":27.5}
{"id":29,"total":14.0,"mean":7.0,"same":true,"even":7.0,"middle":28.5}
{"id":30,"total":14.0,"mean":7.0,"same":true,"even":7.0,"middle":29.5}
{"id":31,"total":14.0,"mean":7.0,"same":true,"even":7.0,"middle":30.5}
{"id":32,"total":15.0,"mean":7.5,"same":false,"even":8.0,"middle":31.5}
{"id":33,"total":1.0000000000000008e+16,"mean":5000000000000004.0,"same":false,"even":8.0,"middle":32.5}
{"id":34,"total":1.0000000000000008e+16,"mean":5000000000000004.0,"same":false,"even":8.0,"middle":33.5}
{"id":35,"total":16.0,"mean":8.0,"same":true,"even":8.0,"middle":34.5}
{"id":36,"total":17.0,"mean":8.5,"same":false,"even":9.0,"middle":35.5}
{"id":37,"total":18.0,"mean":9.0,"same":true,"even":9.0,"middle":36.5}
{"id":38,"total":18.0,"mean":9.0,"same":true,"even":9.0,"middle":37.5}
{"id":39,"total":18.0,"mean":9.0,"same":true,"even":9.0,"middle":38.5}
