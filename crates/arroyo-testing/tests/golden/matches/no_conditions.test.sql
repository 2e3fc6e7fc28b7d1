--- use tables.sql
INSERT INTO out
SELECT * FROM steps MATCH_RECOGNIZE (
    PARTITION BY person ORDER BY at MEASURES FIRST(a.id) AS a, LAST(b.id) AS b, COUNT(*) AS n PATTERN (a b{2})
);

--- expect out
{"person":"ann","a":0,"b":6,"n":3}
{"person":"bob","a":1,"b":7,"n":3}
{"person":"bob","a":10,"b":13,"n":3}
{"person":"ann","a":11,"b":15,"n":3}
{"person":"bob","a":12,"b":27,"n":3}
{"person":"cid","a":17,"b":19,"n":3}
{"person":"ann","a":20,"b":31,"n":3}
{"person":"cid","a":21,"b":22,"n":3}
{"person":"bob","a":26,"b":30,"n":3}
{"person":"cid","a":3,"b":16,"n":3}
{"person":"dot","a":34,"b":36,"n":3}
{"person":"ann","a":37,"b":38,"n":3}
{"person":"dot","a":8,"b":33,"n":3}
