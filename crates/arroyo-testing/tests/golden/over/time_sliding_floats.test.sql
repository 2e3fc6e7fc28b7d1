--- use tables.sql
INSERT INTO out
SELECT id, sum(x) OVER w AS total, avg(x) OVER w AS mean
FROM (SELECT id, bidder, at, CASE WHEN id % 10 = 3 THEN 1e16 ELSE price END AS x FROM bids) WINDOW w AS (PARTITION BY bidder ORDER BY at, id ROWS 1 PRECEDING);

--- expect out
{"id":0,"total":84.0,"mean":84.0}
{"id":1,"total":5.0,"mean":5.0}
{"id":10,"total":3.0,"mean":3.0}
{"id":11,"total":106.0,"mean":53.0}
{"id":12,"total":21.0,"mean":10.5}
{"id":13,"total":1.0000000000000098e+16,"mean":5000000000000049.0}
{"id":14,"total":55.0,"mean":27.5}
{"id":15,"total":1.000000000000006e+16,"mean":5000000000000030.0}
{"id":16,"total":104.0,"mean":52.0}
{"id":17,"total":132.0,"mean":66.0}
{"id":18,"total":61.0,"mean":30.5}
{"id":19,"total":82.0,"mean":41.0}
{"id":2,"total":92.0,"mean":46.0}
{"id":20,"total":145.0,"mean":72.5}
{"id":21,"total":120.0,"mean":60.0}
{"id":22,"total":132.0,"mean":66.0}
{"id":23,"total":1.0000000000000092e+16,"mean":5000000000000046.0}
{"id":24,"total":155.0,"mean":77.5}
{"id":25,"total":97.0,"mean":48.5}
{"id":26,"total":123.0,"mean":61.5}
{"id":27,"total":1.0000000000000096e+16,"mean":5000000000000048.0}
{"id":28,"total":88.0,"mean":44.0}
{"id":29,"total":135.0,"mean":67.5}
{"id":3,"total":1.0000000000000066e+16,"mean":5000000000000033.0}
{"id":30,"total":61.0,"mean":30.5}
{"id":31,"total":181.0,"mean":90.5}
{"id":32,"total":79.0,"mean":39.5}
{"id":33,"total":1.0000000000000084e+16,"mean":5000000000000042.0}
{"id":34,"total":148.0,"mean":74.0}
{"id":35,"total":1.0000000000000064e+16,"mean":5000000000000032.0}
{"id":36,"total":122.0,"mean":61.0}
{"id":37,"total":50.0,"mean":25.0}
{"id":38,"total":149.0,"mean":74.5}
{"id":39,"total":70.0,"mean":35.0}
{"id":4,"total":5.0,"mean":5.0}
{"id":5,"total":49.0,"mean":24.5}
{"id":6,"total":11.0,"mean":11.0}
{"id":7,"total":66.0,"mean":66.0}
{"id":8,"total":133.0,"mean":66.5}
{"id":9,"total":1.0000000000000036e+16,"mean":5000000000000018.0}
