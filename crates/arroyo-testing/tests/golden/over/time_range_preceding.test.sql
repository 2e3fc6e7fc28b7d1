--- use tables.sql
INSERT INTO out
SELECT id, count(*) OVER w AS recent, sum(price) OVER w AS amount, min(price) OVER w AS lowest FROM bids WINDOW w AS (PARTITION BY auction ORDER BY at RANGE INTERVAL '5' SECOND PRECEDING);

--- expect out
{"id":8,"recent":3,"amount":109,"lowest":11}
{"id":10,"recent":3,"amount":112,"lowest":3}
{"id":11,"recent":2,"amount":113,"lowest":18}
{"id":22,"recent":2,"amount":132,"lowest":62}
{"id":29,"recent":3,"amount":152,"lowest":46}
{"id":7,"recent":3,"amount":155,"lowest":5}
{"id":26,"recent":3,"amount":166,"lowest":46}
{"id":28,"recent":2,"amount":172,"lowest":79}
{"id":23,"recent":3,"amount":178,"lowest":46}
{"id":12,"recent":1,"amount":18,"lowest":18}
{"id":6,"recent":3,"amount":19,"lowest":8}
{"id":18,"recent":1,"amount":20,"lowest":20}
{"id":3,"recent":4,"amount":227,"lowest":5}
{"id":32,"recent":1,"amount":23,"lowest":23}
{"id":9,"recent":5,"amount":262,"lowest":5}
{"id":27,"recent":3,"amount":268,"lowest":79}
{"id":25,"recent":1,"amount":27,"lowest":27}
{"id":14,"recent":1,"amount":37,"lowest":37}
{"id":5,"recent":1,"amount":41,"lowest":41}
{"id":13,"recent":2,"amount":47,"lowest":10}
{"id":39,"recent":1,"amount":54,"lowest":54}
{"id":16,"recent":3,"amount":56,"lowest":9}
{"id":36,"recent":1,"amount":57,"lowest":57}
{"id":30,"recent":2,"amount":61,"lowest":27}
{"id":15,"recent":2,"amount":62,"lowest":3}
{"id":19,"recent":1,"amount":62,"lowest":62}
{"id":20,"recent":1,"amount":62,"lowest":62}
{"id":38,"recent":2,"amount":67,"lowest":16}
{"id":35,"recent":2,"amount":79,"lowest":14}
{"id":2,"recent":1,"amount":8,"lowest":8}
{"id":4,"recent":2,"amount":8,"lowest":8}
{"id":37,"recent":2,"amount":81,"lowest":16}
{"id":17,"recent":2,"amount":82,"lowest":9}
{"id":21,"recent":1,"amount":83,"lowest":83}
{"id":0,"recent":1,"amount":84,"lowest":84}
{"id":31,"recent":1,"amount":85,"lowest":85}
{"id":1,"recent":2,"amount":89,"lowest":5}
{"id":24,"recent":1,"amount":93,"lowest":93}
{"id":34,"recent":1,"amount":98,"lowest":98}
{"id":33,"recent":2,"amount":99,"lowest":14}
