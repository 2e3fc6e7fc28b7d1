--- use ../tables.sql
INSERT INTO out
SELECT id, regexp_replace(bidder, '[aeiou]', '*', 'g') AS masked FROM bids WHERE bidder ~ '^[ab]';

--- expect out
{"id":1,"masked":"b*b"}
{"id":11,"masked":"b*b"}
{"id":13,"masked":"*nn"}
{"id":15,"masked":"*nn"}
{"id":16,"masked":"b*b"}
{"id":17,"masked":"*nn"}
{"id":26,"masked":"*nn"}
{"id":28,"masked":"b*b"}
{"id":29,"masked":"b*b"}
{"id":3,"masked":"*nn"}
{"id":32,"masked":"b*b"}
{"id":34,"masked":"*nn"}
{"id":38,"masked":"*nn"}
{"id":4,"masked":"b*b"}
{"id":6,"masked":"b*b"}
{"id":7,"masked":"*nn"}
{"id":8,"masked":"*nn"}
{"id":9,"masked":"*nn"}
