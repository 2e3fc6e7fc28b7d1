//! Shapes of queries.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

use crate::sql_run::plan;

/// The tables that all queries share: `left_rows` and `right_rows` have the same columns and other rows.
const TABLES: &str = "
CREATE TABLE left_rows (
    id BIGINT NOT NULL, k BIGINT NOT NULL, v BIGINT, tags BIGINT[], at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '1 second'
) WITH (connector = 'single_file', path = 'left', type = 'source', format = 'json');
CREATE TABLE right_rows (
    id BIGINT NOT NULL, k BIGINT NOT NULL, v BIGINT, tags BIGINT[], at TIMESTAMP NOT NULL,
    WATERMARK FOR at AS at - INTERVAL '1 second'
) WITH (connector = 'single_file', path = 'right', type = 'source', format = 'json');
CREATE TABLE out WITH (connector = 'single_file', path = 'out', type = 'sink', format = 'json');
CREATE TABLE changes WITH (connector = 'single_file', path = 'changes', type = 'sink', format = 'debezium_json');
";

/// Names and texts. A seed's query is that at its remainder.
pub const QUERIES: &[(&str, &str)] = &[
    ("project", "INSERT INTO out SELECT id, v * 2 AS w FROM left_rows WHERE v % 3 <> 1;"),
    (
        "tumble",
        "INSERT INTO out SELECT k, tumble(INTERVAL '5 seconds') AS w, count(*) AS n, sum(v) AS s, max(id) AS m
         FROM left_rows GROUP BY 1, 2;",
    ),
    (
        "hop",
        "INSERT INTO out SELECT k, hop(INTERVAL '2 seconds', INTERVAL '6 seconds') AS w, count(*) AS n, min(v) AS m
         FROM left_rows GROUP BY 1, 2;",
    ),
    (
        "session",
        "INSERT INTO out SELECT k, session(INTERVAL '1 second') AS w, count(*) AS n, sum(v) AS s
         FROM left_rows GROUP BY 1, 2;",
    ),
    (
        "union",
        "INSERT INTO out SELECT id, k FROM left_rows UNION ALL SELECT id + 1000, k FROM right_rows WHERE v > 20;",
    ),
    ("unnest", "INSERT INTO out SELECT id, unnest(tags) AS tag FROM left_rows;"),
    (
        "windowed union",
        "INSERT INTO out SELECT tumble(INTERVAL '4 seconds') AS w, count(*) AS n, sum(v) AS s
         FROM (SELECT v FROM left_rows UNION ALL SELECT v FROM right_rows) GROUP BY 1;",
    ),
    (
        "interval join",
        "INSERT INTO out SELECT l.id AS l, r.id AS r FROM left_rows l JOIN right_rows r
         ON l.k = r.k AND l.at BETWEEN r.at - INTERVAL '2 seconds' AND r.at + INTERVAL '1 second';",
    ),
    (
        "updating left join",
        "INSERT INTO changes SELECT l.id AS l, r.id AS r FROM left_rows l LEFT JOIN right_rows r ON l.v = r.v;",
    ),
];

/// Whether a query reads both tables.
pub(super) fn has_two_sources(name: &str) -> bool {
    QUERIES.iter().any(|(known, text)| *known == name && text.contains("right_rows"))
}

/// The program of a query. Each is planned once: planning takes longer than a simulated start.
pub(super) fn program(name: &str) -> anyhow::Result<Vec<u8>> {
    static PROGRAMS: Mutex<BTreeMap<String, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let mut programs = PROGRAMS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(program) = programs.get(name) {
        return Ok(program.clone());
    }
    let query = QUERIES.iter().find(|(known, _)| *known == name);
    let (_, query) = query.with_context(|| format!("there is no query `{name}`"))?;
    let program = plan(&format!("{TABLES}{query}"), 1)?.encode()?;
    programs.insert(name.to_string(), program.clone());
    Ok(program)
}
