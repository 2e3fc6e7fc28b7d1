--- use tables.sql
INSERT INTO out
SELECT o.id, p.id AS payment FROM orders o LEFT JOIN payments p ON p.at > o.at AND p.at < o.at + INTERVAL '600 milliseconds';

--- expect out
{"id":0,"payment":105}
{"id":1,"payment":null}
{"id":10,"payment":null}
{"id":11,"payment":null}
{"id":12,"payment":111}
{"id":13,"payment":null}
{"id":14,"payment":113}
{"id":14,"payment":115}
{"id":15,"payment":null}
{"id":15,"payment":null}
{"id":16,"payment":110}
{"id":16,"payment":110}
{"id":17,"payment":null}
{"id":18,"payment":null}
{"id":19,"payment":113}
{"id":19,"payment":115}
{"id":2,"payment":null}
{"id":20,"payment":null}
{"id":21,"payment":null}
{"id":22,"payment":119}
{"id":23,"payment":119}
{"id":24,"payment":null}
{"id":25,"payment":122}
{"id":26,"payment":125}
{"id":27,"payment":128}
{"id":28,"payment":null}
{"id":29,"payment":124}
{"id":3,"payment":null}
{"id":30,"payment":128}
{"id":31,"payment":null}
{"id":32,"payment":null}
{"id":33,"payment":null}
{"id":34,"payment":null}
{"id":35,"payment":null}
{"id":4,"payment":104}
{"id":4,"payment":104}
{"id":4,"payment":107}
{"id":4,"payment":107}
{"id":5,"payment":109}
{"id":6,"payment":109}
{"id":7,"payment":106}
{"id":8,"payment":null}
{"id":8,"payment":null}
{"id":9,"payment":104}
{"id":9,"payment":107}
