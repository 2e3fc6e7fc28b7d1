SELECT id, row_number() OVER (ORDER BY CAST(at AS DATE), id DESC) AS place FROM bids;
