--- use tables.sql
INSERT INTO out
SELECT id, count(*) OVER (PARTITION BY bidder ORDER BY at) AS of_bidder, count(*) OVER (PARTITION BY auction ORDER BY at) AS of_auction, lag(id) OVER (ORDER BY at) AS before FROM bids;

--- expect out
{"id":1,"of_bidder":1,"of_auction":2,"before":0}
{"id":2,"of_bidder":2,"of_auction":1,"before":1}
{"id":12,"of_bidder":2,"of_auction":2,"before":10}
{"id":14,"of_bidder":3,"of_auction":6,"before":11}
{"id":11,"of_bidder":4,"of_auction":3,"before":12}
{"id":15,"of_bidder":6,"of_auction":6,"before":13}
{"id":13,"of_bidder":5,"of_auction":7,"before":14}
{"id":16,"of_bidder":5,"of_auction":8,"before":15}
{"id":17,"of_bidder":7,"of_auction":9,"before":16}
{"id":18,"of_bidder":4,"of_auction":7,"before":17}
{"id":19,"of_bidder":5,"of_auction":4,"before":18}
{"id":21,"of_bidder":4,"of_auction":10,"before":19}
{"id":7,"of_bidder":1,"of_auction":3,"before":2}
{"id":24,"of_bidder":6,"of_auction":5,"before":20}
{"id":20,"of_bidder":5,"of_auction":8,"before":21}
{"id":23,"of_bidder":7,"of_auction":10,"before":22}
{"id":25,"of_bidder":7,"of_auction":11,"before":23}
{"id":22,"of_bidder":6,"of_auction":9,"before":24}
{"id":28,"of_bidder":6,"of_auction":6,"before":25}
{"id":30,"of_bidder":8,"of_auction":12,"before":26}
{"id":26,"of_bidder":8,"of_auction":11,"before":27}
{"id":27,"of_bidder":8,"of_auction":7,"before":28}
{"id":31,"of_bidder":9,"of_auction":13,"before":29}
{"id":4,"of_bidder":2,"of_auction":2,"before":3}
{"id":29,"of_bidder":7,"of_auction":12,"before":30}
{"id":32,"of_bidder":8,"of_auction":13,"before":31}
{"id":33,"of_bidder":10,"of_auction":14,"before":32}
{"id":34,"of_bidder":9,"of_auction":8,"before":33}
{"id":35,"of_bidder":11,"of_auction":15,"before":34}
{"id":36,"of_bidder":12,"of_auction":14,"before":35}
{"id":37,"of_bidder":9,"of_auction":16,"before":36}
{"id":39,"of_bidder":10,"of_auction":9,"before":37}
{"id":38,"of_bidder":10,"of_auction":17,"before":39}
{"id":5,"of_bidder":3,"of_auction":1,"before":4}
{"id":6,"of_bidder":3,"of_auction":3,"before":5}
{"id":9,"of_bidder":3,"of_auction":5,"before":6}
{"id":3,"of_bidder":2,"of_auction":4,"before":7}
{"id":10,"of_bidder":1,"of_auction":5,"before":8}
{"id":8,"of_bidder":4,"of_auction":4,"before":9}
{"id":0,"of_bidder":1,"of_auction":1,"before":null}
