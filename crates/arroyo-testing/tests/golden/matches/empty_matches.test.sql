--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY at
    MEASURES MATCH_NUMBER() AS number, COUNT(*) AS n, FIRST(id) AS first_id, CLASSIFIER() AS kind
    PATTERN (views* | carts)
    DEFINE views AS page = 'view', carts AS page = 'cart'
);

--- expect out
{"person":"ann","number":1,"n":1,"first_id":0,"kind":"views"}
{"person":"bob","number":1,"n":2,"first_id":1,"kind":"views"}
{"person":"ann","number":5,"n":1,"first_id":14,"kind":"views"}
{"person":"cid","number":3,"n":1,"first_id":16,"kind":"views"}
{"person":"cid","number":8,"n":1,"first_id":23,"kind":"views"}
{"person":"bob","number":9,"n":1,"first_id":26,"kind":"views"}
{"person":"ann","number":8,"n":1,"first_id":29,"kind":"views"}
{"person":"dot","number":3,"n":1,"first_id":33,"kind":"views"}
{"person":"dot","number":6,"n":1,"first_id":36,"kind":"views"}
{"person":"ann","number":11,"n":1,"first_id":39,"kind":"views"}
{"person":"ann","number":3,"n":1,"first_id":6,"kind":"views"}
{"person":"dot","number":1,"n":1,"first_id":8,"kind":"views"}
{"person":"bob","number":4,"n":1,"first_id":9,"kind":"views"}
{"person":"cid","number":1,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":10,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":10,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":10,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":11,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":12,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":2,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":2,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":2,"n":0,"first_id":null,"kind":null}
{"person":"dot","number":2,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":3,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":4,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":4,"n":0,"first_id":null,"kind":null}
{"person":"dot","number":4,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":5,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":5,"n":0,"first_id":null,"kind":null}
{"person":"dot","number":5,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":6,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":6,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":6,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":7,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":7,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":7,"n":0,"first_id":null,"kind":null}
{"person":"bob","number":8,"n":0,"first_id":null,"kind":null}
{"person":"ann","number":9,"n":0,"first_id":null,"kind":null}
{"person":"cid","number":9,"n":0,"first_id":null,"kind":null}
