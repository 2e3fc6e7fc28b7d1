-- Nexmark q8. New users who sell: persons and auctions that came in the same ten seconds.
CREATE TABLE nexmark WITH (
    connector = 'nexmark',
    event_rate = 10000
);

CREATE VIEW auctions AS
SELECT auction.id AS id, auction.item_name AS item_name, auction.description AS description,
       auction.initial_bid AS initial_bid, auction.reserve AS reserve, auction.datetime AS datetime,
       auction.expires AS expires, auction.seller AS seller, auction.category AS category, auction.extra AS extra
FROM nexmark WHERE auction IS NOT NULL;

CREATE VIEW persons AS
SELECT person.id AS id, person.name AS name, person.email_address AS email_address, person.credit_card AS credit_card,
       person.city AS city, person.state AS state, person.datetime AS datetime, person.extra AS extra
FROM nexmark WHERE person IS NOT NULL;

SELECT p.id, p.name, p.window.start AS since
FROM (SELECT tumble(INTERVAL '10 seconds') AS window, id, name FROM persons GROUP BY window, id, name) AS p
JOIN (SELECT tumble(INTERVAL '10 seconds') AS window, seller FROM auctions GROUP BY window, seller) AS a
ON p.id = a.seller AND p.window = a.window;
