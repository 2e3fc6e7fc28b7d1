-- Nexmark q3. Local items: who sells in these states, in one category.
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

SELECT p.name, p.city, p.state, a.id
FROM auctions AS a JOIN persons AS p ON a.seller = p.id
WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA');
