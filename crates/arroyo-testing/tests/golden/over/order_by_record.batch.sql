SELECT id, rank() OVER (ORDER BY price % 3 DESC, bidder DESC) AS place FROM bids;
