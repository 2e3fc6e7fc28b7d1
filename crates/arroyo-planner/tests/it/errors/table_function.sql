SELECT * FROM read_parquet('bids.parquet');
