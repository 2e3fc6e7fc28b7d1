-- Metadata, generated columns and functions are not in the record; the rest of the condition is pushed.
CREATE TABLE lines (a INT, b INT, file TEXT METADATA FROM 'filename', twice INT GENERATED ALWAYS AS (a * 2))
WITH (connector = 'single_file', path = '/data/lines.json', type = 'source', format = 'json');
SELECT a FROM lines WHERE b > 1 AND file = 'x.json' AND twice > 4 AND abs(a) < 9 AND (a = 1 OR b = 2);
