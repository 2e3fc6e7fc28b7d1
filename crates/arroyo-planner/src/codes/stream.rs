//! Codes 200–299: what can run as a stream.

super::codes! {
    NOT_STREAMABLE = "SQL200", "The query cannot run as a stream",
        "The query is valid, but there is no streaming operator for a part of it yet.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT counter FROM t DISTRIBUTE BY counter;";
    WINDOW_LENGTH = "SQL201", "A window's length is wrong",
        "`tumble(width)`, `hop(slide, width)`, `cumulate(step, width)` and `session(gap)` take positive, constant intervals without \
         months. The width of `cumulate` must be a multiple of its step. All but `session` take an offset as a last argument, \
         a constant interval by which all windows start later.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT count(*) FROM t GROUP BY cumulate(INTERVAL '2 minutes', INTERVAL '5 minutes');";
    MISPLACED_WINDOW = "SQL202", "A window function stands outside of GROUP BY",
        "`tumble`, `hop`, `cumulate` and `session` say how GROUP BY cuts time; a row alone has no window. \
         The SELECT list may repeat an expression of GROUP BY.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT tumble(INTERVAL '1 minute') FROM t;";
    SEVERAL_WINDOWS = "SQL203", "A GROUP BY has two windows",
        "An aggregate belongs to one window. Aggregate twice, in a subquery and around it.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT count(*) FROM t GROUP BY tumble(INTERVAL '1 minute'), session(INTERVAL '1 minute');";
    JOIN = "SQL205", "A join cannot run",
        "Joins of all kinds run; this one needs something that a stream does not have, which the message names.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT a.counter FROM t a JOIN t b ON row_time() > a.counter::TIMESTAMP;";
    ORDER = "SQL206", "ORDER BY cannot run on a stream",
        "A stream has no end, so only rows in the order of event time have a next one: ORDER BY must start with the event time, \
         ascending, or have a LIMIT. LIMIT and OFFSET take constant numbers.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT counter FROM t ORDER BY counter;";
    OVER = "SQL207", "A function with OVER cannot run",
        "Functions with OVER run within windows (PARTITION BY has the window of a windowed subquery), in the order of event time \
         (ORDER BY starts with it, ascending), and in any other order as a changelog. \
         In the order of event time, a frame must not wait for rows that may never come: no UNBOUNDED FOLLOWING, no function \
         that needs the whole partition (`ntile`, `percent_rank`, `cume_dist`), constant offsets.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT ntile(2) OVER (ORDER BY row_time()) FROM t;";
    SUBQUERY = "SQL209", "A subquery cannot be made a join",
        "IN, EXISTS and scalar subqueries run as joins where that is possible. Joins and subqueries in FROM say the same.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT counter FROM t WHERE counter = (SELECT counter FROM t);";
    GROUPING_SETS = "SQL210", "Grouping sets cannot be planned",
        "GROUPING SETS, CUBE and ROLLUP may have up to 32 columns; CUBE, which has a set for each choice of its columns, up to 15. \
         Several queries and a UNION ALL do the same.",
        "CREATE TABLE t (a INT, b INT, c INT, d INT, e INT, f INT, g INT, h INT, i INT, j INT, k INT, l INT, m INT, n INT, o INT, p INT) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT count(*) FROM t GROUP BY CUBE (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);";
    NO_STREAM = "SQL211", "The query reads no stream",
        "A query must read at least one table that has a connector.",
        "SELECT 1;";
    LOOKUP_TABLE = "SQL212", "A lookup table cannot be read as a stream",
        "Rows of a lookup table are asked for by their key, they do not flow: it can only be joined with a table of rows.",
        "CREATE TEMPORARY TABLE t (k TEXT PRIMARY KEY) WITH (connector = 'filesystem', path = '/tmp/t', format = 'json'); SELECT k FROM t;";
    CHANGES_TO_ROWS = "SQL213", "A sink takes rows, and the query makes changes",
        "The result of the query changes: rows that were written are taken back. \
         A sink must be able to say so; `format = 'debezium_json'` does.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); CREATE TABLE s (n BIGINT) WITH (connector = 'single_file', path = '/tmp/s', type = 'sink', format = 'json'); INSERT INTO s SELECT count(*) FROM t;";
    VOLATILE_CHANGES = "SQL214", "A changing value is computed of a changelog",
        "Rows of a changelog are taken back by equal rows. \
         `now()`, `random()` and their kin give another value for the row that takes back than for the row that was there.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT n, random() FROM (SELECT count(*) AS n FROM t);";
    DEBEZIUM_KEY = "SQL215", "A table of changes has no primary key",
        "A change says which row it replaces by its primary key, so tables with `format = 'debezium_json'` that are read need one.",
        "CREATE TABLE t (id INT) WITH (connector = 'single_file', path = '/tmp/t', format = 'debezium_json', type = 'source'); SELECT id FROM t;";
    TEMPORAL_JOIN = "SQL220", "A join with versions is not complete",
        "`JOIN b FOR SYSTEM_TIME AS OF a.at ON a.k = b.k` and `ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.k = b.k` join each row with \
         the latest version of its key. Conditions compare columns of `b` by `=`, and the times are the event times of both sides.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT a.counter FROM t a ASOF JOIN t b MATCH_CONDITION (a.counter < b.counter) ON a.counter = b.counter;";
    LOOKUP_JOIN = "SQL221", "A lookup table cannot be joined like this",
        "`stream JOIN table ON …` and `stream LEFT JOIN table ON …` ask a lookup table for the key of each row. \
         The condition compares every column of its primary key with a value by `=`; further conditions choose among what is found.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); CREATE TEMPORARY TABLE l (k BIGINT PRIMARY KEY, v TEXT) WITH (connector = 'filesystem', path = '/tmp/l', format = 'json'); SELECT v FROM t JOIN l ON counter = 1;";
    WINDOW_TABLE = "SQL230", "A window function in FROM cannot run",
        "`TABLE(TUMBLE(TABLE t, DESCRIPTOR(time), …))`, and `HOP`, `CUMULATE` and `SESSION` in the same way, add the columns \
         `window_start`, `window_end` and `window_time` to a table. \
         `time` must be the table's event time: the column of its `WATERMARK FOR`, or the `window_time` of a windowed query. \
         Sessions must be grouped by the window and the columns of their `PARTITION BY`.",
        "CREATE TABLE t (a TIMESTAMP, b TIMESTAMP NOT NULL, WATERMARK FOR b) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT count(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(a), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;";
    EMIT = "SQL231", "EMIT EVERY, ALLOW LATENESS or LATE ROWS INTO is misplaced",
        "The clauses `EMIT EVERY INTERVAL '…'`, `ALLOW LATENESS INTERVAL '…'` and `LATE ROWS INTO table` stand behind the \
         `GROUP BY` with `tumble`, `hop`, `cumulate` or `session` whose results they are about. \
         Windows over a changelog are kept up to date in any case, and drop no rows.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT counter, count(*) FROM t GROUP BY counter EMIT EVERY INTERVAL '10 seconds';";
    LATE_ROWS = "SQL232", "A table cannot take late rows",
        "`LATE ROWS INTO table` writes the rows that a window leaves out because they came too late. \
         The table must have been created, be one that can be written, and list its columns; each of them takes the column \
         of the same name of the rows that are aggregated.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); CREATE TABLE s (n BIGINT) WITH (connector = 'single_file', path = '/tmp/s', type = 'sink', format = 'json'); SELECT count(*) FROM t GROUP BY tumble(INTERVAL '1 minute') LATE ROWS INTO s;";
    MATCH_RECOGNIZE = "SQL240", "MATCH_RECOGNIZE cannot run",
        "Patterns are matched in rows whose order is final: the table needs an event time (`WATERMARK FOR`), `ORDER BY` starts with it, \
         ascending, and rows must not be taken back.",
        "CREATE TABLE t (a INT, b TIMESTAMP NOT NULL, WATERMARK FOR b) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT * FROM t MATCH_RECOGNIZE (ORDER BY a MEASURES count(*) AS n PATTERN (x+ y) DEFINE x AS a > 1);";
    ARRIVAL_WINDOWS = "SQL250", "Windows are cut by the time of arrival",
        "The table has no `WATERMARK FOR`, so a row's event time is when it was read. \
         Reading the same data again gives other windows.",
        "CREATE TABLE t (a INT) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT count(*) FROM t GROUP BY tumble(INTERVAL '1 minute');";
    ONE_SUBTASK = "SQL251", "A connector runs on one subtask only",
        "The connector cannot be read or written in parallel, so it may become the bottleneck.",
        "CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); CREATE TABLE s WITH (connector = 'single_file', path = '/tmp/s', type = 'sink', format = 'json'); INSERT INTO s SELECT counter FROM t;";
    UNBOUNDED_STATE = "SQL252", "An operator remembers every key for ever",
        "With `SET updating_ttl = INTERVAL '0 seconds'` keys are never forgotten, so the state grows with the number of keys. \
         With another time to live, keys are forgotten when they got no rows for so long. \
         Functions with OVER that have no PARTITION BY, and are updated, keep every row whatever the time to live is, unless only \
         the first ones are wanted. \
         Aggregates without GROUP BY whose state are their values (`array_agg`, `count(DISTINCT x)`, `median`, …) keep every \
         value.",
        "SET updating_ttl = INTERVAL '0 seconds'; CREATE TABLE t WITH (connector = 'impulse', event_rate = 1); SELECT counter, count(*) FROM t GROUP BY counter;";
    PATIENT_PATTERN = "SQL253", "A pattern may wait for ever",
        "Without `WITHIN`, rows of a match that has begun are kept until it ends or fails, which needs further rows of its partition. \
         A partition that gets no more rows keeps them for ever.",
        "CREATE TABLE t (a INT, b TIMESTAMP NOT NULL, WATERMARK FOR b) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT * FROM t MATCH_RECOGNIZE (ORDER BY b MEASURES count(*) AS n PATTERN (x+ y) DEFINE x AS a > 1);";
    WINDOW_GAPS = "SQL260", "Rows between windows are left out",
        "The slide of `hop(slide, width)` is longer than its width, so there is time between windows that no window has. \
         That is useful for samples, and a mistake if the arguments were meant the other way round.",
        "CREATE TABLE t (a TIMESTAMP NOT NULL, WATERMARK FOR a) WITH (connector = 'single_file', path = '/tmp/t', format = 'json', type = 'source'); SELECT count(*) FROM t GROUP BY hop(INTERVAL '1 hour', INTERVAL '1 minute');";
}
