--- use tables.sql
INSERT INTO changes
SELECT w.customer, w.w.start AS start, w.total,
    (SELECT count(*) FROM payments p WHERE p.at < w.w.end AND p.payer = w.customer) AS paid_before
FROM (SELECT customer, tumble(INTERVAL '10 seconds') AS w, sum(amount) AS total FROM orders GROUP BY 1, 2) AS w;

--- expect changes
{"customer":"ann","start":"2024-01-01T00:00:10","total":45,"paid_before":10}
{"customer":"ann","start":"2024-01-01T00:00:20","total":36,"paid_before":13}
{"customer":"ann","start":"2024-01-01T00:00:30","total":48,"paid_before":15}
{"customer":"ann","start":"2024-01-01T00:00:00","total":80,"paid_before":6}
{"customer":"bob","start":"2024-01-01T00:00:00","total":35,"paid_before":0}
{"customer":"bob","start":"2024-01-01T00:00:10","total":20,"paid_before":0}
{"customer":"bob","start":"2024-01-01T00:00:20","total":10,"paid_before":1}
{"customer":"cid","start":"2024-01-01T00:00:00","total":30,"paid_before":3}
{"customer":"cid","start":"2024-01-01T00:00:10","total":28,"paid_before":7}
{"customer":"cid","start":"2024-01-01T00:00:20","total":8,"paid_before":9}
{"customer":"cid","start":"2024-01-01T00:00:30","total":5,"paid_before":9}
{"customer":"zoe","start":"2024-01-01T00:00:00","total":40,"paid_before":0}
{"customer":"zoe","start":"2024-01-01T00:00:10","total":20,"paid_before":0}
{"customer":null,"start":"2024-01-01T00:00:00","total":null,"paid_before":0}
{"customer":null,"start":"2024-01-01T00:00:20","total":10,"paid_before":0}
