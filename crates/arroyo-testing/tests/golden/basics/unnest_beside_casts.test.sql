--- use ../tables.sql
INSERT INTO out
SELECT id, at::DATE, b.price::TEXT, price + 1 AS price_1, bidder || '!' AS bidder, unnest(tags), unnest(tags) || channel AS tagged
FROM bids b WHERE id < 6;

--- expect out
{"id":1,"b.at":"2024-01-01","b.price":"5","price_1":6,"bidder":"bob!","UNNEST(b.tags)":"hot","tagged":"hotweb"}
{"id":3,"b.at":"2024-01-01","b.price":"72","price_1":73,"bidder":"ann!","UNNEST(b.tags)":"hot","tagged":"hotapp"}
{"id":4,"b.at":"2024-01-01","b.price":null,"price_1":null,"bidder":"bob!","UNNEST(b.tags)":"hot","tagged":"hotapp"}
{"id":3,"b.at":"2024-01-01","b.price":"72","price_1":73,"bidder":"ann!","UNNEST(b.tags)":"new","tagged":"newapp"}
{"id":2,"b.at":"2024-01-01","b.price":"8","price_1":9,"bidder":"dee!","UNNEST(b.tags)":"new","tagged":"newweb"}
{"id":4,"b.at":"2024-01-01","b.price":null,"price_1":null,"bidder":"bob!","UNNEST(b.tags)":"new","tagged":"newapp"}
{"id":1,"b.at":"2024-01-01","b.price":"5","price_1":6,"bidder":"bob!","UNNEST(b.tags)":"sale","tagged":"saleweb"}
{"id":1,"b.at":"2024-01-01","b.price":"5","price_1":6,"bidder":"bob!","UNNEST(b.tags)":"x","tagged":"xweb"}
