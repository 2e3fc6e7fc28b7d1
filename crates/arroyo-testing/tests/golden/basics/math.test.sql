--- use ../tables.sql
INSERT INTO out
SELECT id, round(sqrt(price), 3) AS root, abs(50 - price) AS distance, power(auction, 2) AS square FROM bids;

--- expect out
{"id":0,"root":9.165,"distance":34,"square":1.0}
{"id":1,"root":2.236,"distance":45,"square":1.0}
{"id":10,"root":1.732,"distance":47,"square":9.0}
{"id":11,"root":9.747,"distance":45,"square":4.0}
{"id":12,"root":4.243,"distance":32,"square":4.0}
{"id":13,"root":3.162,"distance":40,"square":1.0}
{"id":14,"root":6.083,"distance":13,"square":1.0}
{"id":15,"root":7.681,"distance":9,"square":9.0}
{"id":16,"root":3.0,"distance":41,"square":1.0}
{"id":17,"root":8.544,"distance":23,"square":1.0}
{"id":18,"root":4.472,"distance":30,"square":9.0}
{"id":19,"root":7.874,"distance":12,"square":4.0}
{"id":2,"root":2.828,"distance":42,"square":9.0}
{"id":20,"root":7.874,"distance":12,"square":9.0}
{"id":21,"root":9.11,"distance":33,"square":1.0}
{"id":22,"root":8.367,"distance":20,"square":9.0}
{"id":23,"root":6.782,"distance":4,"square":9.0}
{"id":24,"root":9.644,"distance":43,"square":4.0}
{"id":25,"root":5.196,"distance":23,"square":1.0}
{"id":26,"root":7.071,"distance":0,"square":9.0}
{"id":27,"root":9.798,"distance":46,"square":4.0}
{"id":28,"root":8.888,"distance":29,"square":4.0}
{"id":29,"root":7.483,"distance":6,"square":9.0}
{"id":3,"root":8.485,"distance":22,"square":1.0}
{"id":30,"root":5.831,"distance":16,"square":1.0}
{"id":31,"root":9.22,"distance":35,"square":9.0}
{"id":32,"root":4.796,"distance":27,"square":1.0}
{"id":33,"root":3.742,"distance":36,"square":9.0}
{"id":34,"root":9.899,"distance":48,"square":4.0}
{"id":35,"root":8.062,"distance":15,"square":9.0}
{"id":36,"root":7.55,"distance":7,"square":1.0}
{"id":37,"root":4.0,"distance":34,"square":9.0}
{"id":38,"root":7.141,"distance":1,"square":9.0}
{"id":39,"root":7.348,"distance":4,"square":4.0}
{"id":4,"root":null,"distance":null,"square":9.0}
{"id":5,"root":6.403,"distance":9,"square":4.0}
{"id":6,"root":3.317,"distance":39,"square":9.0}
{"id":7,"root":8.124,"distance":16,"square":1.0}
{"id":8,"root":9.899,"distance":48,"square":9.0}
{"id":9,"root":5.916,"distance":15,"square":1.0}
