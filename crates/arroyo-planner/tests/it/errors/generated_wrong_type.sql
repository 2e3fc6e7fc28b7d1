CREATE TABLE t (a INT, b STRUCT<x INT> GENERATED ALWAYS AS (a)) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
