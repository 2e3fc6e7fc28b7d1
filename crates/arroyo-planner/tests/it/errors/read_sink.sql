CREATE TABLE totals (customer TEXT, total DOUBLE)
WITH (connector = 'single_file', path = '/data/totals.json', type = 'sink', format = 'json');
SELECT * FROM totals;
