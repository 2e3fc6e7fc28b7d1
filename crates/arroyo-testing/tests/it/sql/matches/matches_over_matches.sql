INSERT INTO out
SELECT * FROM bought MATCH_RECOGNIZE (
    PARTITION BY person
    ORDER BY row_time()
    MEASURES FIRST(cart_id) AS first_cart, LAST(buy_id) AS last_buy, COUNT(*) AS n
    PATTERN (a b)
);
