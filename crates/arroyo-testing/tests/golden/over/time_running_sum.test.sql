--- use tables.sql
INSERT INTO out
SELECT id, bidder, sum(price) OVER (PARTITION BY bidder ORDER BY at) AS spent, count(*) OVER (PARTITION BY bidder ORDER BY at) AS bids, avg(price) OVER (PARTITION BY bidder ORDER BY at) AS mean FROM bids;

--- expect out
{"id":7,"bidder":"ann","spent":66,"bids":1,"mean":66.0}
{"id":38,"bidder":"ann","spent":612,"bids":10,"mean":61.2}
{"id":3,"bidder":"ann","spent":138,"bids":2,"mean":69.0}
{"id":9,"bidder":"ann","spent":173,"bids":3,"mean":57.666666666666664}
{"id":8,"bidder":"ann","spent":271,"bids":4,"mean":67.75}
{"id":13,"bidder":"ann","spent":281,"bids":5,"mean":56.2}
{"id":15,"bidder":"ann","spent":340,"bids":6,"mean":56.666666666666664}
{"id":17,"bidder":"ann","spent":413,"bids":7,"mean":59.0}
{"id":26,"bidder":"ann","spent":463,"bids":8,"mean":57.875}
{"id":34,"bidder":"ann","spent":561,"bids":9,"mean":62.333333333333336}
{"id":1,"bidder":"bob","spent":5,"bids":1,"mean":5.0}
{"id":4,"bidder":"bob","spent":5,"bids":2,"mean":5.0}
{"id":6,"bidder":"bob","spent":16,"bids":3,"mean":8.0}
{"id":11,"bidder":"bob","spent":111,"bids":4,"mean":37.0}
{"id":16,"bidder":"bob","spent":120,"bids":5,"mean":30.0}
{"id":28,"bidder":"bob","spent":199,"bids":6,"mean":39.8}
{"id":29,"bidder":"bob","spent":255,"bids":7,"mean":42.5}
{"id":32,"bidder":"bob","spent":278,"bids":8,"mean":39.714285714285715}
{"id":10,"bidder":"cid","spent":3,"bids":1,"mean":3.0}
{"id":39,"bidder":"cid","spent":404,"bids":10,"mean":40.4}
{"id":12,"bidder":"cid","spent":21,"bids":2,"mean":10.5}
{"id":14,"bidder":"cid","spent":58,"bids":3,"mean":19.333333333333332}
{"id":21,"bidder":"cid","spent":141,"bids":4,"mean":35.25}
{"id":20,"bidder":"cid","spent":203,"bids":5,"mean":40.6}
{"id":22,"bidder":"cid","spent":273,"bids":6,"mean":45.5}
{"id":25,"bidder":"cid","spent":300,"bids":7,"mean":42.857142857142854}
{"id":30,"bidder":"cid","spent":334,"bids":8,"mean":41.75}
{"id":37,"bidder":"cid","spent":350,"bids":9,"mean":38.888888888888886}
{"id":0,"bidder":"dee","spent":84,"bids":1,"mean":84.0}
{"id":33,"bidder":"dee","spent":549,"bids":10,"mean":54.9}
{"id":35,"bidder":"dee","spent":614,"bids":11,"mean":55.81818181818182}
{"id":36,"bidder":"dee","spent":671,"bids":12,"mean":55.916666666666664}
{"id":2,"bidder":"dee","spent":92,"bids":2,"mean":46.0}
{"id":5,"bidder":"dee","spent":133,"bids":3,"mean":44.333333333333336}
{"id":18,"bidder":"dee","spent":153,"bids":4,"mean":38.25}
{"id":19,"bidder":"dee","spent":215,"bids":5,"mean":43.0}
{"id":24,"bidder":"dee","spent":308,"bids":6,"mean":51.333333333333336}
{"id":23,"bidder":"dee","spent":354,"bids":7,"mean":50.57142857142857}
{"id":27,"bidder":"dee","spent":450,"bids":8,"mean":56.25}
{"id":31,"bidder":"dee","spent":535,"bids":9,"mean":59.44444444444444}
