--- use tables.sql
INSERT INTO out
SELECT id, sum(price) OVER (w ROWS 2 PRECEDING) AS s, count(*) OVER v AS n, lag(price) OVER v AS before FROM bids WINDOW w AS (PARTITION BY auction ORDER BY at, id), v AS (PARTITION BY bidder ORDER BY at, id);

--- expect out
{"id":15,"s":160,"n":6,"before":10}
{"id":11,"s":154,"n":4,"before":11}
{"id":35,"s":164,"n":11,"before":14}
{"id":39,"s":248,"n":10,"before":16}
{"id":14,"s":144,"n":3,"before":18}
{"id":19,"s":175,"n":5,"before":20}
{"id":30,"s":144,"n":8,"before":27}
{"id":12,"s":59,"n":2,"before":3}
{"id":37,"s":95,"n":9,"before":34}
{"id":8,"s":109,"n":4,"before":35}
{"id":21,"s":165,"n":4,"before":37}
{"id":18,"s":82,"n":4,"before":41}
{"id":27,"s":268,"n":8,"before":46}
{"id":4,"s":8,"n":2,"before":5}
{"id":34,"s":273,"n":9,"before":50}
{"id":32,"s":84,"n":8,"before":56}
{"id":17,"s":92,"n":7,"before":59}
{"id":22,"s":152,"n":6,"before":62}
{"id":24,"s":250,"n":6,"before":62}
{"id":36,"s":114,"n":12,"before":65}
{"id":3,"s":143,"n":2,"before":66}
{"id":25,"s":183,"n":7,"before":70}
{"id":9,"s":173,"n":3,"before":72}
{"id":26,"s":166,"n":8,"before":73}
{"id":29,"s":152,"n":7,"before":79}
{"id":5,"s":41,"n":3,"before":8}
{"id":20,"s":141,"n":5,"before":83}
{"id":2,"s":8,"n":2,"before":84}
{"id":33,"s":155,"n":10,"before":85}
{"id":28,"s":234,"n":6,"before":9}
{"id":23,"s":178,"n":7,"before":93}
{"id":16,"s":56,"n":5,"before":95}
{"id":31,"s":191,"n":9,"before":96}
{"id":13,"s":82,"n":5,"before":98}
{"id":38,"s":132,"n":10,"before":98}
{"id":0,"s":84,"n":1,"before":null}
{"id":1,"s":89,"n":1,"before":null}
{"id":10,"s":112,"n":1,"before":null}
{"id":6,"s":19,"n":3,"before":null}
{"id":7,"s":155,"n":1,"before":null}
