//! The answers of golden cases with tumbling windows, grouping sets and DISTINCT ON are those of DataFusion in batch.
//!
//! A window is spelt out as a struct of its bounds there, and clauses on when results are emitted mean nothing.

use super::changelogs_batch::{answer, context, sorted};

/// Cases that batch SQL cannot ask, because of windows that are not tumbling, or because rows are late.
const WITHOUT: &[&str] =
    &["tables", "empty_group_no_rows", "distinct_on_any_order", "table_rollup", "table_tumble", "window_again"];

/// The end of a clause's interval, from behind its first quote.
fn behind_interval(text: &str) -> &str {
    let rest = text.splitn(3, '\'').nth(2).unwrap();
    rest.strip_prefix(" HOUR").unwrap_or(rest)
}

fn without_clauses(mut sql: String) -> String {
    for clause in ["EMIT EVERY", "ALLOW LATENESS"] {
        while let Some(start) = sql.find(clause) {
            let rest = behind_interval(&sql[start..]).to_string();
            sql = sql[..start].trim_end().to_string() + &rest;
        }
    }
    sql
}

fn with_bounds(mut sql: String) -> String {
    const CALL: &str = "tumble(INTERVAL '";
    while let Some(start) = sql.find(CALL) {
        let rest = &sql[start + CALL.len()..];
        let (seconds, rest) = rest.split_once(" seconds')").unwrap();
        let bin = format!("date_bin(INTERVAL '{seconds} seconds', at, TIMESTAMP '1970-01-01')");
        let bounds = format!("named_struct('start', {bin}, 'end', {bin} + INTERVAL '{seconds} seconds')");
        sql = format!("{}{bounds}{rest}", &sql[..start]);
    }
    sql
}

/// What to ask in batch; nothing if there is no such query.
fn in_batch(name: &str, sql: &str) -> Option<String> {
    let foreign = ["hop(", "cumulate(", "session(", "HOP(", "SESSION(", "LATE ROWS", "CREATE VIEW", "', INTERVAL"];
    if WITHOUT.contains(&name) || foreign.iter().any(|word| sql.contains(word)) {
        return None;
    }
    // Some visits come too late without allowed lateness, and one comes more than half a minute late.
    let too_late = match sql {
        sql if sql.contains("LATENESS INTERVAL '30 seconds'") => "46",
        sql if sql.contains("LATENESS") => "-1",
        _ => "22, 30, 37, 44, 46",
    };
    let sql = sql.replace("INSERT INTO changes", "").replace("INSERT INTO out", "");
    let sql = with_bounds(without_clauses(sql.trim().trim_end_matches(';').to_string()));
    Some(sql.replace("FROM visits", &format!("FROM (SELECT * FROM visits WHERE id NOT IN ({too_late})) AS visits")))
}

async fn compare(area: &str) -> usize {
    let folder = super::folder().join(area);
    let context = context().await;
    let (mut differences, mut compared) = (Vec::new(), 0);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let written = std::fs::read_to_string(&path).unwrap();
        let Some(sql) = in_batch(&name, &written) else { continue };
        compared += 1;
        let expected = answer(&context, &sql, written.contains("INTO changes")).await;
        let golden = sorted(&std::fs::read_to_string(folder.join(format!("{name}.ndjson"))).unwrap());
        if golden != expected {
            differences.push(format!("{name}:\n  golden {golden:?}\n  batch  {expected:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    compared
}

#[tokio::test]
async fn early_and_corrected_results_end_as_those_of_batch() {
    assert!(compare("emit").await >= 15);
}

#[tokio::test]
async fn grouping_sets_and_first_rows_are_those_of_batch() {
    assert!(compare("grouping").await >= 20);
}
