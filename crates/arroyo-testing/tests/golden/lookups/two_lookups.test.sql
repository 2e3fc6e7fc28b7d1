--- use tables.sql
INSERT INTO out
SELECT o.id, i.label, c.city, i.item, c.name, c.level, i.weight
FROM orders o LEFT JOIN customers c ON c.name = o.customer LEFT JOIN items i ON o.item = i.item;

--- expect out
{"id":2,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":20,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":21,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":22,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":23,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":24,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":25,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":26,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":28,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":3,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":31,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":32,"label":"Cup of tea","city":"Oslo","item":"cup","name":"ann","level":1,"weight":0.5}
{"id":33,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":34,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":5,"label":"Cup of tea","city":"Oslo","item":"cup","name":"ann","level":1,"weight":0.5}
{"id":7,"label":"Hat","city":"Oslo","item":"hat","name":"ann","level":1,"weight":0.25}
{"id":8,"label":"Cup of tea","city":"Oslo","item":"cup","name":"ann","level":1,"weight":0.5}
{"id":8,"label":"Cup of tea","city":"Oslo","item":"cup","name":"ann","level":1,"weight":0.5}
{"id":9,"label":null,"city":"Oslo","item":null,"name":"ann","level":1,"weight":null}
{"id":0,"label":"Cup of tea","city":"Rome","item":"cup","name":"bob","level":2,"weight":0.5}
{"id":10,"label":null,"city":"Rome","item":null,"name":"bob","level":2,"weight":null}
{"id":15,"label":null,"city":"Rome","item":null,"name":"bob","level":2,"weight":null}
{"id":15,"label":null,"city":"Rome","item":null,"name":"bob","level":2,"weight":null}
{"id":17,"label":null,"city":"Rome","item":null,"name":"bob","level":2,"weight":null}
{"id":18,"label":"Cup of tea","city":"Rome","item":"cup","name":"bob","level":2,"weight":0.5}
{"id":27,"label":"Hat","city":"Rome","item":"hat","name":"bob","level":2,"weight":0.25}
{"id":6,"label":"Hat","city":"Rome","item":"hat","name":"bob","level":2,"weight":0.25}
{"id":1,"label":"Cup of tea","city":null,"item":"cup","name":"cid","level":3,"weight":0.5}
{"id":11,"label":"Hat","city":null,"item":"hat","name":null,"level":null,"weight":0.25}
{"id":12,"label":null,"city":null,"item":null,"name":"cid","level":3,"weight":null}
{"id":13,"label":null,"city":null,"item":null,"name":null,"level":null,"weight":null}
{"id":14,"label":null,"city":null,"item":null,"name":"cid","level":3,"weight":null}
{"id":16,"label":null,"city":null,"item":null,"name":"cid","level":3,"weight":null}
{"id":19,"label":null,"city":null,"item":null,"name":null,"level":null,"weight":null}
{"id":29,"label":null,"city":null,"item":null,"name":"cid","level":3,"weight":null}
{"id":30,"label":null,"city":null,"item":null,"name":null,"level":null,"weight":null}
{"id":35,"label":"Cup of tea","city":null,"item":"cup","name":"cid","level":3,"weight":0.5}
{"id":4,"label":"Cup of tea","city":null,"item":"cup","name":null,"level":null,"weight":0.5}
{"id":4,"label":"Cup of tea","city":null,"item":"cup","name":null,"level":null,"weight":0.5}
