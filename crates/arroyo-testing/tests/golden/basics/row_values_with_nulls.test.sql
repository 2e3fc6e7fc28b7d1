--- use ../tables.sql
INSERT INTO out
SELECT a, b, (a, b) = (1, 1) AS equal, (a, b) <> (1, 1) AS other, (a, b) < (1, 2) AS less, (a, b) >= (1, 2) AS not_less,
    (a, b) IN ((1, 1), (2, NULL)) AS listed, (a, b) BETWEEN (1, 1) AND (1, 2) AS within,
    (a, b) IS NOT DISTINCT FROM (2, NULL) AS same
FROM (VALUES (1, 1), (1, 2), (2, NULL), (NULL, 1)) AS v(a, b);

--- expect out
{"a":1,"b":1,"equal":true,"other":false,"less":true,"not_less":false,"listed":true,"within":true,"same":false}
{"a":1,"b":2,"equal":false,"other":true,"less":false,"not_less":true,"listed":false,"within":true,"same":false}
{"a":2,"b":null,"equal":false,"other":true,"less":false,"not_less":true,"listed":null,"within":false,"same":true}
{"a":null,"b":1,"equal":null,"other":null,"less":null,"not_less":null,"listed":null,"within":null,"same":false}
