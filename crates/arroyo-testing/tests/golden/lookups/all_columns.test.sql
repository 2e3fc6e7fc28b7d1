--- use tables.sql
INSERT INTO out
SELECT o.id, i.* FROM orders o JOIN items i ON o.item = i.item WHERE o.id < 12;

--- expect out
{"id":0,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":1,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":11,"item":"hat","label":"Hat","weight":0.25,"tags":["felt"],"size":{"height":12,"width":30}}
{"id":4,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":4,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":5,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":6,"item":"hat","label":"Hat","weight":0.25,"tags":["felt"],"size":{"height":12,"width":30}}
{"id":7,"item":"hat","label":"Hat","weight":0.25,"tags":["felt"],"size":{"height":12,"width":30}}
{"id":8,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
{"id":8,"item":"cup","label":"Cup of tea","weight":0.5,"tags":["china","hot"],"size":{"height":8,"width":6}}
