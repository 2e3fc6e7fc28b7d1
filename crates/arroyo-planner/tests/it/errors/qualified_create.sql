CREATE TABLE main.t (a INT);
