--- use tables.sql
INSERT INTO out
SELECT id, sum(price) OVER (ORDER BY at) AS total, max(price) OVER (ORDER BY at) AS highest FROM bids;

--- expect out
{"id":0,"total":84,"highest":84}
{"id":1,"total":89,"highest":84}
{"id":2,"total":97,"highest":84}
{"id":3,"total":235,"highest":84}
{"id":4,"total":235,"highest":84}
{"id":5,"total":276,"highest":84}
{"id":6,"total":287,"highest":84}
{"id":7,"total":163,"highest":84}
{"id":9,"total":322,"highest":84}
{"id":10,"total":423,"highest":98}
{"id":11,"total":536,"highest":98}
{"id":12,"total":441,"highest":98}
{"id":13,"total":583,"highest":98}
{"id":14,"total":573,"highest":98}
{"id":15,"total":642,"highest":98}
{"id":16,"total":651,"highest":98}
{"id":17,"total":724,"highest":98}
{"id":18,"total":744,"highest":98}
{"id":19,"total":806,"highest":98}
{"id":20,"total":951,"highest":98}
{"id":21,"total":889,"highest":98}
{"id":22,"total":1114,"highest":98}
{"id":23,"total":1160,"highest":98}
{"id":24,"total":1044,"highest":98}
{"id":25,"total":1187,"highest":98}
{"id":26,"total":1412,"highest":98}
{"id":27,"total":1362,"highest":98}
{"id":28,"total":1266,"highest":98}
{"id":29,"total":1502,"highest":98}
{"id":30,"total":1446,"highest":98}
{"id":31,"total":1587,"highest":98}
{"id":32,"total":1610,"highest":98}
{"id":33,"total":1624,"highest":98}
{"id":34,"total":1722,"highest":98}
{"id":35,"total":1787,"highest":98}
{"id":36,"total":1844,"highest":98}
{"id":37,"total":1860,"highest":98}
{"id":38,"total":1965,"highest":98}
{"id":39,"total":1914,"highest":98}
{"id":8,"total":420,"highest":98}
