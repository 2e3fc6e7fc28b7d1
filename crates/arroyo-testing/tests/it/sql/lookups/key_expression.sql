INSERT INTO out
SELECT o.id, i.label, i.weight * o.amount AS total FROM orders o JOIN items i ON lower(upper(o.item)) = i.item;
