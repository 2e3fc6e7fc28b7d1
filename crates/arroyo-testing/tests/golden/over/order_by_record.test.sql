--- use tables.sql
INSERT INTO changes
SELECT id, rank() OVER (ORDER BY named_struct('a', price % 3, 'b', named_struct('c', bidder)) DESC) AS place FROM bids;

--- expect changes
{"id":0,"place":29}
{"id":1,"place":10}
{"id":10,"place":33}
{"id":11,"place":10}
{"id":12,"place":33}
{"id":13,"place":27}
{"id":14,"place":22}
{"id":15,"place":15}
{"id":16,"place":37}
{"id":17,"place":27}
{"id":18,"place":2}
{"id":19,"place":2}
{"id":2,"place":2}
{"id":20,"place":8}
{"id":21,"place":8}
{"id":22,"place":22}
{"id":23,"place":20}
{"id":24,"place":29}
{"id":25,"place":33}
{"id":26,"place":15}
{"id":27,"place":29}
{"id":28,"place":26}
{"id":29,"place":10}
{"id":3,"place":38}
{"id":30,"place":22}
{"id":31,"place":20}
{"id":32,"place":10}
{"id":33,"place":2}
{"id":34,"place":15}
{"id":35,"place":2}
{"id":36,"place":29}
{"id":37,"place":22}
{"id":38,"place":38}
{"id":39,"place":33}
{"id":4,"place":1}
{"id":5,"place":2}
{"id":6,"place":10}
{"id":7,"place":38}
{"id":8,"place":15}
{"id":9,"place":15}
