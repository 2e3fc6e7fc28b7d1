--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(u.page) AS first_page, LAST(u.page) AS last_page, COUNT(u.*) AS of_u, COUNT(w.*) AS of_w, CLASSIFIER(u) AS kind
    PATTERN (a b* c)
    SUBSET u = (a, b), w = (c)
    DEFINE b AS b.id > 0 AND COUNT(u.*) < 4, c AS c.page = 'buy'
);

--- expect out
{"person":"cid","first_page":"cart","last_page":"cart","of_u":1,"of_w":1,"kind":"a"}
{"person":"dot","first_page":"cart","last_page":"cart","of_u":3,"of_w":1,"kind":"b"}
{"person":"bob","first_page":"cart","last_page":"view","of_u":3,"of_w":1,"kind":"b"}
{"person":"bob","first_page":"exit","last_page":"cart","of_u":2,"of_w":1,"kind":"b"}
{"person":"ann","first_page":"exit","last_page":"cart","of_u":3,"of_w":1,"kind":"b"}
{"person":"cid","first_page":"help","last_page":"cart","of_u":3,"of_w":1,"kind":"b"}
{"person":"ann","first_page":"view","last_page":"view","of_u":1,"of_w":1,"kind":"a"}
{"person":"bob","first_page":"view","last_page":"cart","of_u":2,"of_w":1,"kind":"b"}
{"person":"cid","first_page":"view","last_page":"cart","of_u":2,"of_w":1,"kind":"b"}
{"person":"ann","first_page":"view","last_page":"view","of_u":3,"of_w":1,"kind":"b"}
