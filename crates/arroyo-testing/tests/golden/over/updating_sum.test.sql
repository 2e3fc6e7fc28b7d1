--- use tables.sql
INSERT INTO changes
SELECT id, auction, sum(price) OVER (PARTITION BY auction) AS total, count(*) OVER () AS bids FROM bids;

--- expect changes
{"id":0,"auction":1,"total":615,"bids":40}
{"id":1,"auction":1,"total":615,"bids":40}
{"id":13,"auction":1,"total":615,"bids":40}
{"id":14,"auction":1,"total":615,"bids":40}
{"id":16,"auction":1,"total":615,"bids":40}
{"id":17,"auction":1,"total":615,"bids":40}
{"id":21,"auction":1,"total":615,"bids":40}
{"id":25,"auction":1,"total":615,"bids":40}
{"id":3,"auction":1,"total":615,"bids":40}
{"id":30,"auction":1,"total":615,"bids":40}
{"id":32,"auction":1,"total":615,"bids":40}
{"id":36,"auction":1,"total":615,"bids":40}
{"id":7,"auction":1,"total":615,"bids":40}
{"id":9,"auction":1,"total":615,"bids":40}
{"id":11,"auction":2,"total":636,"bids":40}
{"id":12,"auction":2,"total":636,"bids":40}
{"id":19,"auction":2,"total":636,"bids":40}
{"id":24,"auction":2,"total":636,"bids":40}
{"id":27,"auction":2,"total":636,"bids":40}
{"id":28,"auction":2,"total":636,"bids":40}
{"id":34,"auction":2,"total":636,"bids":40}
{"id":39,"auction":2,"total":636,"bids":40}
{"id":5,"auction":2,"total":636,"bids":40}
{"id":10,"auction":3,"total":714,"bids":40}
{"id":15,"auction":3,"total":714,"bids":40}
{"id":18,"auction":3,"total":714,"bids":40}
{"id":2,"auction":3,"total":714,"bids":40}
{"id":20,"auction":3,"total":714,"bids":40}
{"id":22,"auction":3,"total":714,"bids":40}
{"id":23,"auction":3,"total":714,"bids":40}
{"id":26,"auction":3,"total":714,"bids":40}
{"id":29,"auction":3,"total":714,"bids":40}
{"id":31,"auction":3,"total":714,"bids":40}
{"id":33,"auction":3,"total":714,"bids":40}
{"id":35,"auction":3,"total":714,"bids":40}
{"id":37,"auction":3,"total":714,"bids":40}
{"id":38,"auction":3,"total":714,"bids":40}
{"id":4,"auction":3,"total":714,"bids":40}
{"id":6,"auction":3,"total":714,"bids":40}
{"id":8,"auction":3,"total":714,"bids":40}
