--- use tables.sql
INSERT INTO changes
SELECT o.id, o.item,
    (SELECT count(*) FROM bids b WHERE b.channel = o.item OR o.item IS NULL) AS all_of_null,
    (SELECT count(*) FROM orders x WHERE x.item IS NOT DISTINCT FROM o.item) AS same
FROM orders o;

--- expect changes
{"id":0,"item":"cup","all_of_null":0,"same":10}
{"id":1,"item":"cup","all_of_null":0,"same":10}
{"id":11,"item":"hat","all_of_null":0,"same":9}
{"id":12,"item":"pen","all_of_null":0,"same":4}
{"id":16,"item":"pen","all_of_null":0,"same":4}
{"id":18,"item":"cup","all_of_null":0,"same":10}
{"id":22,"item":"hat","all_of_null":0,"same":9}
{"id":23,"item":"hat","all_of_null":0,"same":9}
{"id":24,"item":"hat","all_of_null":0,"same":9}
{"id":26,"item":"hat","all_of_null":0,"same":9}
{"id":27,"item":"hat","all_of_null":0,"same":9}
{"id":29,"item":"pen","all_of_null":0,"same":4}
{"id":32,"item":"cup","all_of_null":0,"same":10}
{"id":33,"item":"pen","all_of_null":0,"same":4}
{"id":34,"item":"hat","all_of_null":0,"same":9}
{"id":35,"item":"cup","all_of_null":0,"same":10}
{"id":4,"item":"cup","all_of_null":0,"same":10}
{"id":4,"item":"cup","all_of_null":0,"same":10}
{"id":5,"item":"cup","all_of_null":0,"same":10}
{"id":6,"item":"hat","all_of_null":0,"same":9}
{"id":7,"item":"hat","all_of_null":0,"same":9}
{"id":8,"item":"cup","all_of_null":0,"same":10}
{"id":8,"item":"cup","all_of_null":0,"same":10}
{"id":10,"item":null,"all_of_null":40,"same":16}
{"id":13,"item":null,"all_of_null":40,"same":16}
{"id":14,"item":null,"all_of_null":40,"same":16}
{"id":15,"item":null,"all_of_null":40,"same":16}
{"id":15,"item":null,"all_of_null":40,"same":16}
{"id":17,"item":null,"all_of_null":40,"same":16}
{"id":19,"item":null,"all_of_null":40,"same":16}
{"id":2,"item":null,"all_of_null":40,"same":16}
{"id":20,"item":null,"all_of_null":40,"same":16}
{"id":21,"item":null,"all_of_null":40,"same":16}
{"id":25,"item":null,"all_of_null":40,"same":16}
{"id":28,"item":null,"all_of_null":40,"same":16}
{"id":3,"item":null,"all_of_null":40,"same":16}
{"id":30,"item":null,"all_of_null":40,"same":16}
{"id":31,"item":null,"all_of_null":40,"same":16}
{"id":9,"item":null,"all_of_null":40,"same":16}
