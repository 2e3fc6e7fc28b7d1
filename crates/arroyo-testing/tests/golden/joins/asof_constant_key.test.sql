--- use tables.sql
INSERT INTO out
SELECT o.id, CAST(p.at AS TEXT) AS paid FROM orders o ASOF JOIN payments p MATCH_CONDITION (o.at > p.at) ON 'ann' = p.payer AND o.amount = p.amount;

--- expect out
{"id":0,"paid":null}
{"id":1,"paid":null}
{"id":10,"paid":"2024-01-01T00:00:03.800"}
{"id":11,"paid":null}
{"id":12,"paid":"2024-01-01T00:00:04.900"}
{"id":13,"paid":"2024-01-01T00:00:03.800"}
{"id":14,"paid":null}
{"id":15,"paid":null}
{"id":15,"paid":null}
{"id":16,"paid":"2024-01-01T00:00:03.800"}
{"id":17,"paid":null}
{"id":18,"paid":null}
{"id":19,"paid":"2024-01-01T00:00:03.800"}
{"id":2,"paid":"2024-01-01T00:00:00"}
{"id":20,"paid":"2024-01-01T00:00:03.800"}
{"id":21,"paid":null}
{"id":22,"paid":"2024-01-01T00:00:03.800"}
{"id":23,"paid":"2024-01-01T00:00:03.800"}
{"id":24,"paid":"2024-01-01T00:00:03.800"}
{"id":25,"paid":"2024-01-01T00:00:12.800"}
{"id":26,"paid":"2024-01-01T00:00:12.800"}
{"id":27,"paid":"2024-01-01T00:00:24"}
{"id":28,"paid":"2024-01-01T00:00:14.500"}
{"id":29,"paid":"2024-01-01T00:00:12.800"}
{"id":3,"paid":null}
{"id":30,"paid":"2024-01-01T00:00:24"}
{"id":31,"paid":null}
{"id":32,"paid":"2024-01-01T00:00:31.400"}
{"id":33,"paid":"2024-01-01T00:00:29.500"}
{"id":34,"paid":"2024-01-01T00:00:29.500"}
{"id":35,"paid":"2024-01-01T00:00:17.500"}
{"id":4,"paid":null}
{"id":4,"paid":null}
{"id":5,"paid":null}
{"id":6,"paid":null}
{"id":7,"paid":null}
{"id":8,"paid":"2024-01-01T00:00:04.900"}
{"id":8,"paid":"2024-01-01T00:00:04.900"}
{"id":9,"paid":null}
