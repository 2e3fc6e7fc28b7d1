//! The page that lists all functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::golden::{check, report};

/// What the planner makes calls of, as it does of functions whose names begin with `_`.
const OF_THE_PLANNER: [&str; 5] = ["as_of", "like_escape", "similar_to_escape", "window", "windows_of"];

/// What functions that only Arroyo has are for.
const OURS: [(&str, &str); 9] = [
    ("tumble", "`tumble(width[, offset])`: [windows](windows.md) of one width, side by side"),
    ("hop", "`hop(slide, width[, offset])`: windows of one width that begin every `slide`"),
    ("cumulate", "`cumulate(step, width[, offset])`: windows that begin together and grow by `step`"),
    ("session", "`session(gap)`: windows that end where no row came for `gap`"),
    ("row_time", "`row_time()`: the event time of the row"),
    ("extract_json", "`extract_json(text, path)`: all that a JSON path finds, as a list of JSON texts"),
    (
        "extract_json_string",
        "`extract_json_string(text, path)`: the first thing that a JSON path finds, if it is a text",
    ),
    (
        "get_first_json_object",
        "`get_first_json_object(text, path)`: the first thing that a JSON path finds, as JSON text",
    ),
    ("multi_hash", "`multi_hash(any, …)`: a stable hash of 128 bits of one or more values"),
];

const HEAD: &str = "# Functions

This page is generated from the functions that a query can call; a test keeps it true.
Other names of a function stand in parentheses.
What DataFusion's functions do is said in its reference: \
[scalar](https://datafusion.apache.org/user-guide/sql/scalar_functions.html), \
[aggregate](https://datafusion.apache.org/user-guide/sql/aggregate_functions.html), \
[with OVER](https://datafusion.apache.org/user-guide/sql/window_functions.html).
`CREATE FUNCTION` adds [functions of one's own](statements.md).

`now()`, `current_date()` and `current_time()` are the moment at which a row is processed.
";

/// Names and their other names, apart from those of the planner.
type Names = BTreeMap<String, BTreeSet<String>>;

fn names<'a>(functions: impl Iterator<Item = (&'a str, &'a [String])>) -> Names {
    functions
        .filter(|(name, _)| !name.starts_with('_') && !OF_THE_PLANNER.contains(name))
        .map(|(name, aliases)| {
            let others = aliases.iter().filter(|alias| *alias != name).cloned().collect();
            (name.to_owned(), others)
        })
        .collect()
}

#[test]
fn the_page_lists_all_functions() {
    let (scalar, aggregate) = (arroyo_expr::scalar_functions(), arroyo_expr::aggregate_functions());
    let (window, higher_order) = (arroyo_expr::window_functions(), arroyo_expr::higher_order_functions());
    let mut scalar = names(scalar.iter().map(|function| (function.name(), function.aliases())));
    scalar.extend(names(higher_order.iter().map(|function| (function.name(), function.aliases()))));
    let aggregate = names(aggregate.iter().map(|function| (function.name(), function.aliases())));
    let window = names(window.iter().map(|function| (function.name(), function.aliases())));

    let mut page = HEAD.to_owned();
    page.push_str("\n## Of Arroyo\n\n");
    for (name, use_) in OURS {
        assert!(scalar.remove(name).is_some(), "there is no function `{name}`");
        let _ = writeln!(page, "- {use_}");
    }
    for (title, functions) in
        [("Scalar", scalar), ("Aggregate, also with OVER and in windows", aggregate), ("With OVER only", window)]
    {
        let _ = write!(page, "\n## {title}\n\n");
        for (name, others) in functions {
            let others: Vec<String> = others.iter().map(|other| format!("`{other}`")).collect();
            let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
            let _ = writeln!(page, "- `{name}`{others}");
        }
    }
    let mut differences = Vec::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/sql/functions.md");
    check(&path, &page, &mut differences);
    report(&differences);
}
