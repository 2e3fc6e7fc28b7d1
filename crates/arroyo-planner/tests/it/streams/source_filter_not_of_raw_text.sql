-- A raw record has no columns to compare.
CREATE TABLE lines (value TEXT NOT NULL) WITH (connector = 'single_file', path = '/data/lines.txt', type = 'source', format = 'raw_string');
SELECT value FROM lines WHERE value <> '';
