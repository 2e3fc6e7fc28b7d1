-- Milliseconds lose what is shorter, so the third condition says nothing about instants.
CREATE TABLE a (id BIGINT, at TIMESTAMP(3) NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');
CREATE TABLE b (id BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'single_file', path = '/b', type = 'source', format = 'json');

SELECT a.id FROM a JOIN b ON a.id = b.id AND b.at BETWEEN a.at AND a.at + INTERVAL '1 second';
SELECT a.id FROM a JOIN b ON a.id = b.id AND a.at = b.at;
SELECT a.id FROM a JOIN b ON a.id = b.id AND b.at BETWEEN a.at AND a.at + INTERVAL '1 microsecond';
