--- use tables.sql
INSERT INTO out
SELECT * FROM ticks MATCH_RECOGNIZE (
    PARTITION BY symbol
    ORDER BY at, id
    MEASURES PREV(FIRST(a.id)) AS before, PREV(FIRST(id), 2) AS before_that, NEXT(LAST(b.id)) AS after, NEXT(LAST(id), 3) AS after_that,
        FIRST(a.id, 1) AS second, LAST(b.id, 1) AS last_but_one, NEXT(a.id, 1) AS behind_a
    PATTERN (a{2} b{1,3})
    DEFINE b AS volume > 4
);

--- expect out
{"symbol":"ax","before":null,"before_that":null,"after":10,"after_that":13,"second":3,"last_but_one":6,"behind_a":6}
{"symbol":"ax","before":8,"before_that":6,"after":15,"after_that":19,"second":12,"last_but_one":13,"behind_a":13}
{"symbol":"bq","before":7,"before_that":5,"after":20,"after_that":25,"second":14,"last_but_one":null,"behind_a":17}
{"symbol":"ax","before":16,"before_that":13,"after":22,"after_that":26,"second":18,"last_but_one":null,"behind_a":19}
{"symbol":"ax","before":19,"before_that":18,"after":30,"after_that":33,"second":24,"last_but_one":26,"behind_a":26}
{"symbol":"bq","before":17,"before_that":14,"after":32,"after_that":38,"second":23,"last_but_one":25,"behind_a":25}
{"symbol":"ax","before":28,"before_that":26,"after":34,"after_that":40,"second":31,"last_but_one":null,"behind_a":33}
{"symbol":"cz","before":null,"before_that":null,"after":35,"after_that":null,"second":11,"last_but_one":21,"behind_a":21}
{"symbol":"bq","before":29,"before_that":25,"after":39,"after_that":null,"second":36,"last_but_one":null,"behind_a":38}
{"symbol":"ax","before":33,"before_that":31,"after":41,"after_that":45,"second":37,"last_but_one":null,"behind_a":40}
{"symbol":"bq","before":null,"before_that":null,"after":9,"after_that":17,"second":4,"last_but_one":5,"behind_a":5}
{"symbol":"ax","before":40,"before_that":37,"after":null,"after_that":null,"second":42,"last_but_one":45,"behind_a":45}
