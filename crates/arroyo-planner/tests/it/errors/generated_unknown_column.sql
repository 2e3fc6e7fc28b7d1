CREATE TABLE t (price DOUBLE, twice DOUBLE GENERATED ALWAYS AS (prize * 2)) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
SELECT 1;
