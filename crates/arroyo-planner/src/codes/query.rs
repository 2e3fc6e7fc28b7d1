//! Codes 100–199: queries.

super::codes! {
    QUERY = "SQL100", "The query cannot be planned",
        "The query is valid SQL, but cannot be planned for the reason in the message.",
        "SELECT 1 UNION ALL SELECT 1, 2;";
    UNKNOWN_TABLE = "SQL101", "There is no such table",
        "A table or view must be created before the statement that uses it.",
        "SELECT * FROM oders;";
    UNKNOWN_COLUMN = "SQL102", "There is no such column",
        "The tables of the query have no column of this name.\nTexts are written in single quotes; double quotes are for names.",
        "SELECT nme FROM (SELECT 1 AS name);";
    AMBIGUOUS_COLUMN = "SQL103", "Several tables have this column",
        "Write the table before the column.",
        "SELECT a FROM (SELECT 1 AS a) x JOIN (SELECT 1 AS a) y ON x.a = y.a;";
    UNKNOWN_FUNCTION = "SQL104", "There is no such function",
        "[Functions](../sql/functions.md) lists all.",
        "SELECT cuont(*) FROM (SELECT 1);";
    WRONG_ARGUMENTS = "SQL105", "A function cannot be called this way",
        "The number, the types or the values of the arguments are wrong.\nThe help lists ways to call it.",
        "SELECT abs('a', 2);";
    NOT_GROUPED = "SQL106", "A column is neither grouped nor aggregated",
        "With `GROUP BY`, each column of the result is one of the groups or inside of an aggregate.",
        "SELECT a, b, count(*) FROM (SELECT 1 AS a, 2 AS b) GROUP BY a;";
    TYPE_MISMATCH = "SQL107", "The types do not fit each other",
        "Cast one of them, for example with `a::BIGINT`.",
        "SELECT [1] + 1;";
    UNSUPPORTED_QUERY = "SQL110", "A part of the query is not supported",
        "It is valid SQL that cannot be planned here.",
        "SELECT 1 AS a INTO t;";
    RECURSIVE_CTE = "SQL111", "Recursive queries are not supported",
        "A stream has no end, so a recursion over it has none either.",
        "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r) SELECT * FROM r;";
    TIME_WINDOW = "SQL112", "A time window is not valid",
        "`tumble(width)`, `hop(slide, width)`, `cumulate(step, width)` and `session(gap)` take intervals of a fixed length that are \
         written out.",
        "SELECT count(*) FROM (SELECT 1) GROUP BY tumble(INTERVAL '1 month');";
    PATTERN = "SQL113", "A MATCH_RECOGNIZE clause is not valid",
        "`MATCH_RECOGNIZE` needs `ORDER BY` and `PATTERN`. Its variables are those that the pattern names, and their conditions stand in \
         `DEFINE`. `FIRST`, `LAST`, `PREV`, `NEXT`, `CLASSIFIER` and aggregates ask for rows of one variable, and cannot stand inside \
         of each other, apart from `FIRST` and `LAST` in `PREV` and `NEXT`.",
        "SELECT * FROM (SELECT 1 AS at) MATCH_RECOGNIZE (ORDER BY at MEASURES LAST(B.at) AS b PATTERN (A+));";
    INTERNAL = "SQL199", "The planner failed",
        "This is a mistake in Arroyo and not in the query.\nReport it, please.",
        "SELECT 1;";
}
