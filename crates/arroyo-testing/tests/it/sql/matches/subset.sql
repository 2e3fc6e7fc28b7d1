INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES FIRST(u.page) AS first_page, LAST(u.page) AS last_page, COUNT(u.*) AS of_u, COUNT(w.*) AS of_w, CLASSIFIER(u) AS kind
    PATTERN (a b* c)
    SUBSET u = (a, b), w = (c)
    DEFINE b AS b.id > 0 AND COUNT(u.*) < 4, c AS c.page = 'buy'
);
