//! Codes 001–099: the text and its tables.

super::codes! {
    SYNTAX = "SQL001", "The text is not valid SQL",
        "The parser met something it did not expect.\nThe message says what it expected and what it found.",
        "SELECT FROM WHERE;";
}
