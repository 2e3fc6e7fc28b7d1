//! Codes 100–199: queries.

super::codes! {
    QUERY = "SQL100", "The query cannot be planned",
        "The query is valid SQL, but cannot be planned for the reason in the message.",
        "SELECT abs(1, 2);";
}
