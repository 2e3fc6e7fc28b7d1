CREATE TABLE lines (a INT, b INT, file TEXT METADATA FROM 'filename')
WITH (connector = 'single_file', path = '/data/lines.json', type = 'source', format = 'json');
SELECT a, file FROM lines;
