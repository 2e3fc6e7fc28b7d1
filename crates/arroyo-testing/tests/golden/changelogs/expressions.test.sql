--- use tables.sql
INSERT INTO changes
SELECT auction % 2 AS odd, upper(channel) AS name, sum(price + 1) * 2 AS s FROM bids GROUP BY auction % 2, upper(channel);

--- expect changes
{"odd":0,"name":"APP","s":302}
{"odd":1,"name":"APP","s":1206}
{"odd":0,"name":"TV","s":408}
{"odd":1,"name":"TV","s":564}
{"odd":0,"name":"WEB","s":392}
{"odd":1,"name":"WEB","s":568}
{"odd":0,"name":null,"s":188}
{"odd":1,"name":null,"s":380}
