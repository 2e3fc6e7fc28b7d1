--- use tables.sql
INSERT INTO out
SELECT id,
    EXISTS (SELECT 1 FROM UNNEST(tags) AS u(t) WHERE t LIKE 'h%' AND b.price > 10) AS hot,
    CASE WHEN id % 2 = 0 THEN 'new' END IN (SELECT t FROM UNNEST(tags) AS u(t)) AS new,
    'x' NOT IN (SELECT u.t FROM UNNEST(b.tags) AS u(t) WHERE t <> 'new') AS no_x,
    'm' < ALL (SELECT t FROM UNNEST(tags) AS u(t)) AS later
FROM bids b
WHERE EXISTS (SELECT * FROM UNNEST(b.tags) AS tag WHERE length(tag) > 1) OR NOT EXISTS (SELECT 1 FROM UNNEST(tags) AS tag);

--- expect out
{"id":0,"hot":false,"new":false,"no_x":true,"later":true}
{"id":1,"hot":false,"new":null,"no_x":false,"later":false}
{"id":10,"hot":false,"new":true,"no_x":true,"later":false}
{"id":12,"hot":false,"new":false,"no_x":true,"later":true}
{"id":13,"hot":false,"new":null,"no_x":true,"later":true}
{"id":14,"hot":false,"new":true,"no_x":true,"later":true}
{"id":16,"hot":false,"new":false,"no_x":false,"later":false}
{"id":17,"hot":false,"new":false,"no_x":true,"later":true}
{"id":2,"hot":false,"new":true,"no_x":true,"later":true}
{"id":20,"hot":false,"new":false,"no_x":true,"later":true}
{"id":22,"hot":false,"new":false,"no_x":true,"later":true}
{"id":23,"hot":false,"new":false,"no_x":true,"later":true}
{"id":25,"hot":false,"new":false,"no_x":true,"later":true}
{"id":27,"hot":false,"new":null,"no_x":true,"later":true}
{"id":29,"hot":false,"new":null,"no_x":true,"later":true}
{"id":30,"hot":false,"new":true,"no_x":true,"later":true}
{"id":31,"hot":false,"new":false,"no_x":true,"later":true}
{"id":33,"hot":false,"new":null,"no_x":true,"later":true}
{"id":35,"hot":false,"new":false,"no_x":true,"later":true}
{"id":36,"hot":false,"new":false,"no_x":true,"later":true}
{"id":38,"hot":false,"new":true,"no_x":true,"later":true}
{"id":4,"hot":false,"new":true,"no_x":true,"later":false}
{"id":5,"hot":false,"new":false,"no_x":true,"later":true}
{"id":6,"hot":false,"new":false,"no_x":true,"later":true}
{"id":7,"hot":false,"new":null,"no_x":true,"later":true}
{"id":9,"hot":false,"new":false,"no_x":true,"later":true}
{"id":11,"hot":true,"new":null,"no_x":false,"later":false}
{"id":15,"hot":true,"new":null,"no_x":false,"later":false}
{"id":18,"hot":true,"new":true,"no_x":true,"later":false}
{"id":19,"hot":true,"new":null,"no_x":true,"later":false}
{"id":21,"hot":true,"new":null,"no_x":true,"later":false}
{"id":24,"hot":true,"new":true,"no_x":true,"later":false}
{"id":26,"hot":true,"new":false,"no_x":false,"later":false}
{"id":28,"hot":true,"new":true,"no_x":true,"later":false}
{"id":3,"hot":true,"new":null,"no_x":true,"later":false}
{"id":32,"hot":true,"new":false,"no_x":false,"later":false}
{"id":34,"hot":true,"new":false,"no_x":false,"later":false}
{"id":37,"hot":true,"new":null,"no_x":true,"later":false}
{"id":39,"hot":true,"new":null,"no_x":true,"later":false}
{"id":8,"hot":true,"new":true,"no_x":true,"later":false}
