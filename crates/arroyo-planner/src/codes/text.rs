//! Codes 001–099: the text and its tables.

super::codes! {
    SYNTAX = "SQL001", "The text is not valid SQL",
        "The parser met something it did not expect.\nThe message says what it expected and what it found.",
        "SELECT a FORM t;";
    EMPTY = "SQL002", "The query is empty",
        "There is no statement in the text.",
        "-- only a comment";
    NO_QUERY = "SQL003", "The script contains no query",
        "Tables and views only give names.\nA pipeline needs a `SELECT`, or an `INSERT INTO`, to have something to do.",
        "CREATE TABLE numbers WITH (connector = 'impulse', event_rate = 10);";
    UNSUPPORTED_STATEMENT = "SQL004", "The statement is not one of a script",
        "Scripts consist of `SET`, `CREATE TABLE`, `CREATE VIEW`, `INSERT INTO` and `SELECT`.",
        "DELETE FROM orders WHERE id = 1;";
    TOO_DEEP = "SQL005", "The statement is too long or too deep",
        "Statements have limits, so that no text can exhaust the planner's memory.\nViews split a long statement.",
        "SELECT ((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))));";
    QUALIFIED_NAME = "SQL006", "A table's name has one part",
        "There are no schemas or catalogs.\nNames of tables have one part, whatever their case.",
        "SELECT * FROM main.orders;";
    DUPLICATE_TABLE = "SQL007", "The name is already taken",
        "A script gives each name one meaning; upper and lower case are the same.",
        "CREATE TABLE t (a INT);\nCREATE TABLE T (b INT);\nSELECT 1;";
    UNKNOWN_SETTING = "SQL008", "There is no such setting",
        "`SET` knows `updating_ttl`: how long updating aggregates, joins and functions with OVER remember a key.",
        "SET parallelism = 4;\nSELECT 1;";
    UNKNOWN_CONNECTOR = "SQL010", "There is no such connector",
        "The option `connector` names what reads or writes a table.",
        "CREATE TABLE t (a INT) WITH (connector = 'impuls');\nSELECT * FROM t;";
    UNKNOWN_OPTION = "SQL011", "The connector has no such option",
        "The reference of each connector lists its options.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rat = 10);\nSELECT * FROM t;";
    OPTION_VALUE = "SQL012", "The value of an option is not valid",
        "Values are `'text'`, numbers, `true`, `false`, `INTERVAL '…'`, names of columns and `[lists]`; each option takes some of them.",
        "SET updating_ttl = INTERVAL '1 month';\nSELECT 1;";
    MISSING_OPTION = "SQL013", "An option is missing, or options contradict each other",
        "Some options of a connector must be given.",
        "CREATE TABLE t WITH (connector = 'impulse');\nSELECT * FROM t;";
    DUPLICATE_OPTION = "SQL014", "An option is given twice",
        "Each option of a `WITH` clause is given once.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1, event_rate = 2);\nSELECT * FROM t;";
    FORMAT = "SQL015", "The format does not fit",
        "Tables that users declare need a `format`; tables whose connector makes the rows have none.",
        "CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/tmp/a', type = 'source');\nSELECT * FROM t;";
    ROLE = "SQL016", "The connector cannot be used this way",
        "Some connectors can only be read, some only be written; lookup tables need a connector that can fetch rows by key.",
        "CREATE TABLE t WITH (connector = 'impulse', type = 'sink', event_rate = 1);\nSELECT * FROM t;";
    UNKNOWN_PROFILE = "SQL017", "There is no such connection profile",
        "`connection_profile` names a profile that was created in the web UI or through the API.",
        "CREATE TABLE t (a INT) WITH (connector = 'single_file', connection_profile = 'x', type = 'source', path = '/a', format = 'json');\nSELECT * FROM t;";
    DEPRECATED_OPTION = "SQL018", "An option is an old way to say something",
        "`event_time_field` and `watermark_field` still work.\n`WATERMARK FOR` among the columns says the same.",
        "CREATE TABLE t (ts TIMESTAMP NOT NULL) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json', event_time_field = ts);\nSELECT * FROM t;";
    STORED_TABLE = "SQL019", "A stored table cannot be used",
        "A table that was created in the web UI or through the API does not fit this version any more.",
        "SELECT 1;";
    UNKNOWN_TYPE = "SQL020", "The type is not supported",
        "The reference lists the types.",
        "CREATE TABLE t (a HSTORE);\nSELECT 1;";
    UNSUPPORTED_CONSTRAINT = "SQL021", "The constraint is not supported",
        "Columns can be `NOT NULL`, `PRIMARY KEY`, `GENERATED ALWAYS AS (…)` and `METADATA FROM '…'`; tables have `PRIMARY KEY (…)` and `WATERMARK FOR …`.",
        "CREATE TABLE t (a INT UNIQUE);\nSELECT 1;";
    RESERVED_NAME = "SQL022", "The name is reserved",
        "`_timestamp` and `_change` are hidden columns of every stream.\nA row's event time is `row_time()`.",
        "CREATE TABLE t (_timestamp TIMESTAMP);\nSELECT 1;";
    DUPLICATE_COLUMN = "SQL023", "Two columns have the same name",
        "Names of columns are unique.",
        "CREATE TABLE t (a INT, a TEXT);\nSELECT 1;";
    METADATA = "SQL024", "The metadata column does not fit the connector",
        "`METADATA FROM 'key'` takes keys of the connector, each with its type.",
        "CREATE TABLE t (a INT, f TEXT METADATA FROM 'offset') WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');\nSELECT * FROM t;";
    WATERMARK = "SQL025", "The event time or watermark is not valid",
        "Event time is a `TIMESTAMP` column; the watermark is a `TIMESTAMP` that is never `NULL`.",
        "CREATE TABLE t (a INT, WATERMARK FOR a) WITH (connector = 'single_file', path = '/a', type = 'source', format = 'json');\nSELECT * FROM t;";
    MEMORY_TABLE = "SQL026", "A table without a connector has only columns",
        "Such a table names the rows of one `INSERT INTO`.\nOptions, watermarks, generated and metadata columns belong to tables with a connector.",
        "CREATE TABLE t (a INT) WITH (format = 'json');\nSELECT 1;";
    CREATE_TABLE_AS = "SQL027", "CREATE TABLE … AS takes its columns from the query",
        "It is a view under another name: columns and options cannot be given.",
        "CREATE TABLE t (a INT) AS SELECT 1;\nSELECT * FROM t;";
    LOOKUP_DEFINITION = "SQL028", "A lookup table lacks something, or has too much",
        "Rows of a lookup table (`TEMPORARY`, or `type = 'lookup'`) are asked for by its `PRIMARY KEY`, which must be declared.\n\
         They do not flow, so there is no watermark, and no generated columns.",
        "CREATE TEMPORARY TABLE t (a INT, b TEXT) WITH (connector = 'filesystem', path = '/a', format = 'json');\nSELECT 1;";
    INSERT_TARGET = "SQL030", "The table cannot be written",
        "Sources, lookup tables, views and filled memory tables cannot be written, and sinks have no generated or metadata columns.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1);\nINSERT INTO t SELECT * FROM t;";
    READ_FROM_SINK = "SQL031", "A sink cannot be read",
        "To use the rows that go to a sink, read the query that fills it.",
        "CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/a', type = 'sink', format = 'json');\nSELECT * FROM t;";
    EMPTY_MEMORY_TABLE = "SQL032", "A memory table is read before it is filled",
        "Statements are resolved in their order: put the `INSERT INTO` first.",
        "CREATE TABLE t (a INT);\nSELECT * FROM t;";
    COLUMN_COUNT = "SQL033", "The number of columns differs",
        "Columns of the query and of the table are matched by position.",
        "CREATE TABLE t (a INT, b INT);\nINSERT INTO t SELECT 1;\nSELECT * FROM t;";
    COLUMN_TYPE = "SQL034", "The type of a column does not fit",
        "Columns are matched by position, and cast where that is possible.",
        "CREATE TABLE t (a INT);\nINSERT INTO t SELECT [1, 2];\nSELECT * FROM t;";
    PARAMETER = "SQL060", "A parameter and its value do not fit",
        "`:name` in a script stands for a value that comes with it: `--param name=value` on the command line, `params` in a \
         request. Each parameter needs a value, and each value a parameter.",
        "SELECT 1;";
    SQL_FUNCTION = "SQL061", "A function of the script is not valid",
        "`CREATE FUNCTION name(argument TYPE, …) RETURNS TYPE RETURN expression` names an expression over its arguments. \
         It is written out wherever it is called, so it cannot call itself, and it can call only functions before it.",
        "CREATE FUNCTION twice(x INT) RETURNS INT RETURN 2 * y; CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT twice(1) FROM t;";
}
