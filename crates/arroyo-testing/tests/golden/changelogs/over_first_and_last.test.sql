--- use tables.sql
INSERT INTO changes
SELECT id, first_value(amount) OVER w AS first, last_value(amount) OVER w AS last, nth_value(amount, 2) OVER w AS second, nth_value(id, 2) OVER c AS other
FROM orders WINDOW w AS (PARTITION BY id ORDER BY amount), c AS (PARTITION BY customer ORDER BY id);

--- expect changes
{"id":10,"first":10,"last":10,"second":null,"other":10}
{"id":22,"first":10,"last":10,"second":null,"other":4}
{"id":13,"first":20,"last":20,"second":null,"other":10}
{"id":21,"first":20,"last":20,"second":null,"other":8}
{"id":23,"first":20,"last":20,"second":null,"other":10}
{"id":8,"first":20,"last":20,"second":null,"other":8}
{"id":0,"first":35,"last":35,"second":null,"other":null}
{"id":11,"first":35,"last":35,"second":null,"other":4}
{"id":16,"first":35,"last":35,"second":null,"other":10}
{"id":20,"first":35,"last":35,"second":null,"other":4}
{"id":2,"first":5,"last":5,"second":null,"other":null}
{"id":24,"first":5,"last":5,"second":null,"other":24}
{"id":4,"first":5,"last":5,"second":null,"other":4}
{"id":5,"first":5,"last":5,"second":null,"other":4}
{"id":6,"first":5,"last":5,"second":null,"other":4}
{"id":7,"first":5,"last":5,"second":null,"other":null}
{"id":12,"first":null,"last":null,"second":null,"other":8}
{"id":14,"first":null,"last":null,"second":null,"other":4}
{"id":17,"first":null,"last":null,"second":null,"other":4}
{"id":25,"first":null,"last":null,"second":null,"other":24}
{"id":3,"first":null,"last":null,"second":null,"other":null}
