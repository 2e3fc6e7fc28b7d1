CREATE TABLE t (a BOOLEAN, b TINYINT, c SMALLINT, d INT UNSIGNED, e BIGINT UNSIGNED, f REAL, g DOUBLE PRECISION, h VARCHAR, i CHAR(3), j BYTEA, k TIMESTAMP(3), l DATE, m TIME, n DECIMAL(10, 2), o NUMERIC, p INT[][], q ARRAY<STRUCT<x INT, y TEXT[]>>, r JSON) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT * FROM t;
