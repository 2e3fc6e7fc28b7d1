--- use tables.sql
INSERT INTO out
SELECT id, sum(price) OVER (PARTITION BY auction ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING) AS with_next, count(*) OVER (PARTITION BY auction ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '4' SECOND FOLLOWING) AS soon FROM bids;

--- expect out
{"id":0,"with_next":155,"soon":4}
{"id":1,"with_next":227,"soon":4}
{"id":10,"with_next":199,"soon":5}
{"id":11,"with_next":309,"soon":3}
{"id":12,"with_next":216,"soon":3}
{"id":13,"with_next":391,"soon":8}
{"id":14,"with_next":318,"soon":7}
{"id":15,"with_next":261,"soon":6}
{"id":16,"with_next":474,"soon":9}
{"id":17,"with_next":501,"soon":9}
{"id":18,"with_next":331,"soon":7}
{"id":19,"with_next":388,"soon":4}
{"id":2,"with_next":19,"soon":3}
{"id":20,"with_next":377,"soon":10}
{"id":21,"with_next":535,"soon":10}
{"id":22,"with_next":427,"soon":10}
{"id":23,"with_next":483,"soon":11}
{"id":24,"with_next":484,"soon":6}
{"id":25,"with_next":558,"soon":12}
{"id":26,"with_next":568,"soon":12}
{"id":27,"with_next":636,"soon":7}
{"id":28,"with_next":582,"soon":7}
{"id":29,"with_next":582,"soon":12}
{"id":3,"with_next":299,"soon":5}
{"id":30,"with_next":615,"soon":12}
{"id":31,"with_next":647,"soon":14}
{"id":32,"with_next":615,"soon":13}
{"id":33,"with_next":663,"soon":15}
{"id":34,"with_next":636,"soon":8}
{"id":35,"with_next":714,"soon":15}
{"id":36,"with_next":615,"soon":14}
{"id":37,"with_next":714,"soon":17}
{"id":38,"with_next":714,"soon":17}
{"id":39,"with_next":636,"soon":9}
{"id":4,"with_next":117,"soon":3}
{"id":5,"with_next":154,"soon":1}
{"id":6,"with_next":120,"soon":4}
{"id":7,"with_next":262,"soon":5}
{"id":8,"with_next":179,"soon":5}
{"id":9,"with_next":309,"soon":5}
