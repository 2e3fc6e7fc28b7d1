SELECT name, age FROM people WHERE name = 'ann' OR age > 50;
