--- use tables.sql
INSERT INTO out
SELECT o.id, c.city, r.region, r.file
FROM orders o JOIN customers c ON o.customer = c.name LEFT JOIN regions r ON c.city = r.city;

--- expect out
{"id":2,"city":"Oslo","region":"north","file":"north.csv"}
{"id":20,"city":"Oslo","region":"north","file":"north.csv"}
{"id":21,"city":"Oslo","region":"north","file":"north.csv"}
{"id":22,"city":"Oslo","region":"north","file":"north.csv"}
{"id":23,"city":"Oslo","region":"north","file":"north.csv"}
{"id":24,"city":"Oslo","region":"north","file":"north.csv"}
{"id":25,"city":"Oslo","region":"north","file":"north.csv"}
{"id":26,"city":"Oslo","region":"north","file":"north.csv"}
{"id":28,"city":"Oslo","region":"north","file":"north.csv"}
{"id":3,"city":"Oslo","region":"north","file":"north.csv"}
{"id":31,"city":"Oslo","region":"north","file":"north.csv"}
{"id":32,"city":"Oslo","region":"north","file":"north.csv"}
{"id":33,"city":"Oslo","region":"north","file":"north.csv"}
{"id":34,"city":"Oslo","region":"north","file":"north.csv"}
{"id":5,"city":"Oslo","region":"north","file":"north.csv"}
{"id":7,"city":"Oslo","region":"north","file":"north.csv"}
{"id":8,"city":"Oslo","region":"north","file":"north.csv"}
{"id":8,"city":"Oslo","region":"north","file":"north.csv"}
{"id":9,"city":"Oslo","region":"north","file":"north.csv"}
{"id":0,"city":"Rome","region":"south","file":"south.csv"}
{"id":10,"city":"Rome","region":"south","file":"south.csv"}
{"id":15,"city":"Rome","region":"south","file":"south.csv"}
{"id":15,"city":"Rome","region":"south","file":"south.csv"}
{"id":17,"city":"Rome","region":"south","file":"south.csv"}
{"id":18,"city":"Rome","region":"south","file":"south.csv"}
{"id":27,"city":"Rome","region":"south","file":"south.csv"}
{"id":6,"city":"Rome","region":"south","file":"south.csv"}
{"id":1,"city":null,"region":null,"file":null}
{"id":12,"city":null,"region":null,"file":null}
{"id":14,"city":null,"region":null,"file":null}
{"id":16,"city":null,"region":null,"file":null}
{"id":29,"city":null,"region":null,"file":null}
{"id":35,"city":null,"region":null,"file":null}
