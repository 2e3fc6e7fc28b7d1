--- use tables.sql
INSERT INTO changes
SELECT id, row_number() OVER (ORDER BY CAST(at AS DATE), id DESC) AS place FROM bids;

--- expect changes
{"id":0,"place":40}
{"id":1,"place":39}
{"id":10,"place":30}
{"id":11,"place":29}
{"id":12,"place":28}
{"id":13,"place":27}
{"id":14,"place":26}
{"id":15,"place":25}
{"id":16,"place":24}
{"id":17,"place":23}
{"id":18,"place":22}
{"id":19,"place":21}
{"id":2,"place":38}
{"id":20,"place":20}
{"id":21,"place":19}
{"id":22,"place":18}
{"id":23,"place":17}
{"id":24,"place":16}
{"id":25,"place":15}
{"id":26,"place":14}
{"id":27,"place":13}
{"id":28,"place":12}
{"id":29,"place":11}
{"id":3,"place":37}
{"id":30,"place":10}
{"id":31,"place":9}
{"id":32,"place":8}
{"id":33,"place":7}
{"id":34,"place":6}
{"id":35,"place":5}
{"id":36,"place":4}
{"id":37,"place":3}
{"id":38,"place":2}
{"id":39,"place":1}
{"id":4,"place":36}
{"id":5,"place":35}
{"id":6,"place":34}
{"id":7,"place":33}
{"id":8,"place":32}
{"id":9,"place":31}
