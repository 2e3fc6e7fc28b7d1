--- use tables.sql
INSERT INTO changes
SELECT id, ntile(3) OVER w AS third, percent_rank() OVER w AS percent, cume_dist() OVER w AS part, lead(id) OVER w AS next FROM bids WINDOW w AS (PARTITION BY channel ORDER BY price NULLS FIRST, id);

--- expect changes
{"id":0,"third":3,"percent":0.75,"part":0.7777777777777778,"next":27}
{"id":1,"third":1,"percent":0.0,"part":0.1111111111111111,"next":2}
{"id":10,"third":1,"percent":0.0,"part":0.09090909090909091,"next":12}
{"id":11,"third":3,"percent":1.0,"part":1.0,"next":null}
{"id":12,"third":1,"percent":0.1,"part":0.18181818181818182,"next":25}
{"id":13,"third":1,"percent":0.14285714285714285,"part":0.2,"next":37}
{"id":14,"third":2,"percent":0.375,"part":0.4444444444444444,"next":23}
{"id":15,"third":2,"percent":0.7,"part":0.7272727272727273,"next":19}
{"id":16,"third":1,"percent":0.07142857142857142,"part":0.13333333333333333,"next":13}
{"id":17,"third":3,"percent":0.8571428571428571,"part":0.8666666666666667,"next":31}
{"id":18,"third":1,"percent":0.25,"part":0.4,"next":36}
{"id":19,"third":3,"percent":0.8,"part":0.8181818181818182,"next":7}
{"id":2,"third":1,"percent":0.125,"part":0.2222222222222222,"next":33}
{"id":20,"third":2,"percent":0.5714285714285714,"part":0.6,"next":35}
{"id":21,"third":2,"percent":0.625,"part":0.6666666666666666,"next":0}
{"id":22,"third":3,"percent":0.7142857142857143,"part":0.7333333333333333,"next":3}
{"id":23,"third":2,"percent":0.5,"part":0.5555555555555556,"next":21}
{"id":24,"third":2,"percent":0.75,"part":0.8,"next":8}
{"id":25,"third":1,"percent":0.2,"part":0.2727272727272727,"next":30}
{"id":26,"third":2,"percent":0.35714285714285715,"part":0.4,"next":39}
{"id":27,"third":3,"percent":0.875,"part":0.8888888888888888,"next":34}
{"id":28,"third":3,"percent":1.0,"part":1.0,"next":null}
{"id":29,"third":2,"percent":0.5,"part":0.5333333333333333,"next":20}
{"id":3,"third":3,"percent":0.7857142857142857,"part":0.8,"next":17}
{"id":30,"third":1,"percent":0.3,"part":0.36363636363636365,"next":9}
{"id":31,"third":3,"percent":0.9285714285714286,"part":0.9333333333333333,"next":11}
{"id":32,"third":1,"percent":0.2857142857142857,"part":0.3333333333333333,"next":26}
{"id":33,"third":1,"percent":0.25,"part":0.3333333333333333,"next":14}
{"id":34,"third":3,"percent":1.0,"part":1.0,"next":null}
{"id":35,"third":2,"percent":0.6428571428571429,"part":0.6666666666666666,"next":22}
{"id":36,"third":2,"percent":0.5,"part":0.6,"next":24}
{"id":37,"third":1,"percent":0.21428571428571427,"part":0.26666666666666666,"next":32}
{"id":38,"third":2,"percent":0.6,"part":0.6363636363636364,"next":15}
{"id":39,"third":2,"percent":0.42857142857142855,"part":0.4666666666666667,"next":29}
{"id":4,"third":1,"percent":0.0,"part":0.06666666666666667,"next":16}
{"id":5,"third":2,"percent":0.5,"part":0.5454545454545454,"next":38}
{"id":6,"third":1,"percent":0.0,"part":0.2,"next":18}
{"id":7,"third":3,"percent":0.9,"part":0.9090909090909091,"next":28}
{"id":8,"third":3,"percent":1.0,"part":1.0,"next":null}
{"id":9,"third":2,"percent":0.4,"part":0.45454545454545453,"next":5}
