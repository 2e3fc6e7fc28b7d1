--- use tables.sql
INSERT INTO changes
SELECT upper(channel) AS c, n * 10 AS tenfold FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v WHERE total > 60;

--- expect changes
{"c":"APP","tenfold":20}
{"c":"APP","tenfold":50}
{"c":"APP","tenfold":80}
{"c":"TV","tenfold":30}
{"c":"TV","tenfold":40}
{"c":"TV","tenfold":40}
{"c":"WEB","tenfold":20}
{"c":"WEB","tenfold":30}
{"c":"WEB","tenfold":40}
{"c":null,"tenfold":10}
{"c":null,"tenfold":30}
