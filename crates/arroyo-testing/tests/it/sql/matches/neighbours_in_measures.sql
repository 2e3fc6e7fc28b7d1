INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES PREV(FIRST(a.id)) AS before, PREV(FIRST(id), 2) AS before_that, NEXT(LAST(b.id)) AS after, NEXT(LAST(id), 3) AS after_that,
        FIRST(a.id, 1) AS second, LAST(b.id, 1) AS last_but_one, NEXT(a.id, 1) AS behind_a
    PATTERN (a{2} b{1,3})
    DEFINE b AS volume > 4
);
