CREATE TABLE t (a INT WITH (connector = 'single_file');
