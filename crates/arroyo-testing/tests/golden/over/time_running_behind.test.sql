--- use tables.sql
INSERT INTO out
SELECT id, count(*) OVER (PARTITION BY auction ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS rows_before, count(*) OVER (PARTITION BY auction ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '5' SECOND PRECEDING) AS long_before FROM bids;

--- expect out
{"id":0,"rows_before":0,"long_before":0}
{"id":1,"rows_before":1,"long_before":0}
{"id":10,"rows_before":4,"long_before":2}
{"id":11,"rows_before":2,"long_before":1}
{"id":12,"rows_before":1,"long_before":1}
{"id":13,"rows_before":6,"long_before":5}
{"id":14,"rows_before":5,"long_before":5}
{"id":15,"rows_before":5,"long_before":5}
{"id":16,"rows_before":7,"long_before":5}
{"id":17,"rows_before":8,"long_before":7}
{"id":18,"rows_before":6,"long_before":6}
{"id":19,"rows_before":3,"long_before":3}
{"id":2,"rows_before":0,"long_before":0}
{"id":20,"rows_before":7,"long_before":7}
{"id":21,"rows_before":9,"long_before":9}
{"id":22,"rows_before":8,"long_before":7}
{"id":23,"rows_before":9,"long_before":7}
{"id":24,"rows_before":4,"long_before":4}
{"id":25,"rows_before":10,"long_before":10}
{"id":26,"rows_before":10,"long_before":8}
{"id":27,"rows_before":6,"long_before":4}
{"id":28,"rows_before":5,"long_before":4}
{"id":29,"rows_before":11,"long_before":10}
{"id":3,"rows_before":3,"long_before":0}
{"id":30,"rows_before":11,"long_before":10}
{"id":31,"rows_before":12,"long_before":12}
{"id":32,"rows_before":12,"long_before":12}
{"id":33,"rows_before":13,"long_before":12}
{"id":34,"rows_before":7,"long_before":7}
{"id":35,"rows_before":14,"long_before":13}
{"id":36,"rows_before":13,"long_before":13}
{"id":37,"rows_before":15,"long_before":14}
{"id":38,"rows_before":16,"long_before":15}
{"id":39,"rows_before":8,"long_before":8}
{"id":4,"rows_before":1,"long_before":0}
{"id":5,"rows_before":0,"long_before":0}
{"id":6,"rows_before":2,"long_before":0}
{"id":7,"rows_before":2,"long_before":0}
{"id":8,"rows_before":3,"long_before":1}
{"id":9,"rows_before":4,"long_before":0}
