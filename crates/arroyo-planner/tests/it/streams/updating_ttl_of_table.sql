SET updating_ttl = INTERVAL '1 hour';
CREATE TABLE people (name TEXT, city TEXT) WITH (connector = 'single_file', type = 'source', path = '/p', format = 'json', updating_ttl = INTERVAL '0 seconds');
CREATE TABLE visits (name TEXT, place TEXT) WITH (connector = 'single_file', type = 'source', path = '/v', format = 'json', updating_ttl = '2 days');
CREATE TABLE hints (place TEXT) WITH (connector = 'single_file', type = 'source', path = '/h', format = 'json');
SELECT city, count(*) FROM people JOIN visits ON people.name = visits.name GROUP BY city;
SELECT visits.name FROM visits JOIN hints ON visits.place = hints.place;
SELECT place, count(*) FROM (SELECT place FROM visits UNION ALL SELECT place FROM hints) AS both_of_them GROUP BY place;
