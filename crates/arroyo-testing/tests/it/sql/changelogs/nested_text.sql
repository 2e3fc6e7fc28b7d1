INSERT INTO changes
SELECT channel, string_agg(CAST(n AS TEXT), '+' ORDER BY auction) AS ns, min(CAST(n AS TEXT)) AS low FROM (SELECT channel, auction, count(*) AS n, sum(price) AS total, max(price) AS top FROM bids GROUP BY channel, auction) AS v GROUP BY channel;
