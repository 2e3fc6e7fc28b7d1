--- use ../tables.sql
INSERT INTO out
SELECT id, x FROM bids CROSS JOIN LATERAL (SELECT upper(tag) || auction AS x FROM UNNEST(bids.tags) AS u(tag) WHERE tag <> 'x' OR bids.id > 20) AS s;

--- expect out
{"id":1,"x":"HOT1"}
{"id":1,"x":"SALE1"}
{"id":10,"x":"HOT3"}
{"id":10,"x":"NEW3"}
{"id":11,"x":"HOT2"}
{"id":11,"x":"SALE2"}
{"id":13,"x":"NEW1"}
{"id":14,"x":"NEW1"}
{"id":15,"x":"HOT3"}
{"id":15,"x":"SALE3"}
{"id":16,"x":"HOT1"}
{"id":16,"x":"SALE1"}
{"id":18,"x":"HOT3"}
{"id":18,"x":"NEW3"}
{"id":19,"x":"HOT2"}
{"id":19,"x":"NEW2"}
{"id":2,"x":"NEW3"}
{"id":21,"x":"HOT1"}
{"id":21,"x":"NEW1"}
{"id":24,"x":"HOT2"}
{"id":24,"x":"NEW2"}
{"id":26,"x":"HOT3"}
{"id":26,"x":"SALE3"}
{"id":26,"x":"X3"}
{"id":27,"x":"NEW2"}
{"id":28,"x":"HOT2"}
{"id":28,"x":"NEW2"}
{"id":29,"x":"NEW3"}
{"id":3,"x":"HOT1"}
{"id":3,"x":"NEW1"}
{"id":30,"x":"NEW1"}
{"id":32,"x":"HOT1"}
{"id":32,"x":"SALE1"}
{"id":32,"x":"X1"}
{"id":33,"x":"NEW3"}
{"id":34,"x":"HOT2"}
{"id":34,"x":"SALE2"}
{"id":34,"x":"X2"}
{"id":37,"x":"HOT3"}
{"id":37,"x":"NEW3"}
{"id":38,"x":"NEW3"}
{"id":39,"x":"HOT2"}
{"id":39,"x":"NEW2"}
{"id":4,"x":"HOT3"}
{"id":4,"x":"NEW3"}
{"id":7,"x":"NEW1"}
{"id":8,"x":"HOT3"}
{"id":8,"x":"NEW3"}
