//! Codes 200–299: what can run as a stream.

super::codes! {
    NOT_STREAMABLE = "SQL200", "The query cannot run as a stream",
        "The query is valid, but there is no streaming operator for a part of it yet.",
        "SELECT * FROM generate_series(1, 10) ORDER BY 1;";
}
