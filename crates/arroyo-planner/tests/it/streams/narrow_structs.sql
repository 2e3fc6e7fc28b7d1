-- A source gives the fields that are read; of a struct that goes on as it is, all.
CREATE TABLE events (
    id BIGINT,
    place STRUCT<city TEXT, country TEXT, zip TEXT, point STRUCT<x DOUBLE, y DOUBLE>>,
    device STRUCT<name TEXT, os TEXT>,
    origin STRUCT<host TEXT, port INT>,
    at TIMESTAMP NOT NULL,
    WATERMARK FOR at
) WITH (connector = 'single_file', path = '/tmp/events.json', type = 'source', format = 'json');
CREATE TABLE points WITH (connector = 'blackhole');
CREATE TABLE devices WITH (connector = 'blackhole');

INSERT INTO points
SELECT place.city, place.point.x, count(*), sum(id) FILTER (WHERE origin IS NOT NULL)
FROM events WHERE place IS NOT NULL
GROUP BY tumble(INTERVAL '1 minute'), place.city, place.point.x;

INSERT INTO devices SELECT id, device, place.country FROM events;
