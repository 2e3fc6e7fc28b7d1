--- use tables.sql
INSERT INTO out
SELECT * FROM bought MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY row_time()
    MEASURES FIRST(cart_id) AS first_cart, LAST(buy_id) AS last_buy, COUNT(*) AS n
    PATTERN (a b)
);

--- expect out
{"person":"ann","first_cart":2,"last_buy":37,"n":2}
{"person":"cid","first_cart":3,"last_buy":21,"n":2}
{"person":"bob","first_cart":7,"last_buy":27,"n":2}
