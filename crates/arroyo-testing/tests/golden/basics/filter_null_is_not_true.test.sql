--- use ../tables.sql
INSERT INTO out
SELECT id, channel FROM bids WHERE channel <> 'web';

--- expect out
{"id":10,"channel":"tv"}
{"id":11,"channel":"app"}
{"id":12,"channel":"tv"}
{"id":13,"channel":"app"}
{"id":15,"channel":"tv"}
{"id":16,"channel":"app"}
{"id":17,"channel":"app"}
{"id":19,"channel":"tv"}
{"id":20,"channel":"app"}
{"id":22,"channel":"app"}
{"id":25,"channel":"tv"}
{"id":26,"channel":"app"}
{"id":28,"channel":"tv"}
{"id":29,"channel":"app"}
{"id":3,"channel":"app"}
{"id":30,"channel":"tv"}
{"id":31,"channel":"app"}
{"id":32,"channel":"app"}
{"id":35,"channel":"app"}
{"id":37,"channel":"app"}
{"id":38,"channel":"tv"}
{"id":39,"channel":"app"}
{"id":4,"channel":"app"}
{"id":5,"channel":"tv"}
{"id":7,"channel":"tv"}
{"id":9,"channel":"tv"}
