//! Statements that ask something: `SHOW TABLES`, `DESCRIBE t`, `EXPLAIN query`.
//!
//! They are no part of a pipeline: commands that a person waits for print what they say, and run what is left of the script.

use std::fmt::Write as _;

use arroyo_operator::Role;

use crate::catalog::{Catalog, Entry, Named};
use crate::script::{Answer, Script};
use crate::statement::StatementKind;
use crate::types::type_name;
use crate::{ColumnKind, Diagnostics, PlanRequest, Span};

/// What the statements of a script that ask something say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// A text per such statement, in order.
    pub texts: Vec<String>,
    /// The script without them, everything else at its place.
    pub rest: String,
    /// Whether anything is left to run.
    pub is_query_left: bool,
    /// Whether what is left is to be run for the figures of its operators (`EXPLAIN ANALYZE`).
    pub is_analysis: bool,
}

/// Answers the statements of a script that ask something. A script without such statements is not planned.
///
/// # Errors
///
/// Every fault that was found in the script.
pub fn answer(request: &PlanRequest) -> Result<Answers, Diagnostics> {
    let parsed = crate::statement::parse(&request.sql);
    let asks = |kind: &StatementKind| {
        matches!(kind, StatementKind::ShowTables | StatementKind::Describe(_) | StatementKind::Explain(_))
    };
    let asking: Vec<Span> = parsed.statements.iter().filter(|s| asks(&s.kind)).filter_map(|s| s.span).collect();
    let is_analysis = parsed.statements.iter().any(|s| matches!(s.kind, StatementKind::Analyze(_)));
    if asking.is_empty() {
        return Ok(Answers { texts: Vec::new(), rest: request.sql.clone(), is_query_left: true, is_analysis });
    }
    crate::request::with_deep_stack(|| {
        let script = crate::script::build_with_answers(request)?;
        let mut texts = Vec::with_capacity(script.answers.len());
        for answer in &script.answers {
            texts.push(match answer {
                Answer::Text(text) => text.clone(),
                Answer::Explain(query) => {
                    let late_tables = script.late_tables.clone();
                    let sinks = vec![query.as_ref().clone()];
                    let explained = Script { sinks, late_tables, ..Script::default() };
                    let lowered = crate::stream::lower(&explained, request)?;
                    format!(
                        "Logical plan\n{}\n\nStreaming plan\n{}\n\nPhysical plan\n{}",
                        lowered.logical.trim_end(),
                        lowered.stream.trim_end(),
                        arroyo_dataflow::to_tree(&lowered.program)
                    )
                }
            });
        }
        let rest = without(&request.sql, &asking);
        Ok(Answers { texts, rest, is_query_left: !script.sinks.is_empty(), is_analysis })
    })
}

/// The text with spaces in the place of the statements at `spans`.
fn without(sql: &str, spans: &[Span]) -> String {
    let mut rest = String::with_capacity(sql.len());
    for (number, line) in sql.split_inclusive('\n').enumerate() {
        let line_number = number as u64 + 1;
        for (place, letter) in line.chars().enumerate() {
            let here = (line_number, place as u64 + 1);
            let is_inside = spans
                .iter()
                .any(|span| (span.start.line, span.start.column) <= here && here < (span.end.line, span.end.column));
            rest.push(if is_inside && letter != '\n' { ' ' } else { letter });
        }
    }
    // A semicolon alone is no statement, and does no harm.
    rest
}

/// What `SHOW TABLES` says.
pub(crate) fn show_tables(catalog: &Catalog) -> String {
    let rows = catalog.tables().map(|named| {
        let (kind, connector) = kind_of(named);
        vec![named.name.clone(), kind.to_owned(), connector]
    });
    aligned(&["table", "kind", "connector"], rows.collect())
}

/// What `DESCRIBE table` says.
pub(crate) fn describe_table(named: &Named) -> String {
    let (kind, connector) = kind_of(named);
    let mut text = format!("{}: {kind}", named.name);
    if !connector.is_empty() {
        let _ = write!(text, ", {connector}");
    }
    text.push('\n');
    let mut rows = Vec::new();
    let null = |nullable: bool| if nullable { "" } else { "NOT NULL" }.to_owned();
    match &named.entry {
        Entry::Table(def) => {
            for column in &def.columns {
                let mut from = match &column.kind {
                    ColumnKind::Physical => String::new(),
                    ColumnKind::Metadata { key } => format!("METADATA FROM '{key}'"),
                    ColumnKind::Generated { expr } => format!("GENERATED ALWAYS AS ({expr})"),
                };
                if def.primary_key.contains(&column.name) {
                    from = format!("{from} PRIMARY KEY").trim().to_owned();
                }
                rows.push(vec![column.name.clone(), type_name(&column.data_type), null(column.nullable), from]);
            }
        }
        Entry::Memory(columns) => {
            for column in columns {
                rows.push(vec![
                    column.name.clone(),
                    type_name(&column.data_type),
                    null(column.nullable),
                    String::new(),
                ]);
            }
        }
        Entry::View(plan) => {
            for field in plan.schema().fields() {
                rows.push(vec![
                    field.name().clone(),
                    type_name(field.data_type()),
                    null(field.is_nullable()),
                    String::new(),
                ]);
            }
        }
    }
    text.push_str(&aligned(&["column", "type", "", ""], rows));
    if let Entry::Table(def) = &named.entry
        && let Some(watermark) = &def.watermark
    {
        let _ = match &watermark.expr {
            Some(expr) => writeln!(text, "WATERMARK FOR {} AS {expr}", watermark.column),
            None => writeln!(text, "WATERMARK FOR {}", watermark.column),
        };
    }
    text
}

fn kind_of(named: &Named) -> (&'static str, String) {
    match &named.entry {
        Entry::View(_) => ("view", String::new()),
        Entry::Memory(_) => ("memory table", String::new()),
        Entry::Table(def) => {
            let roles = &def.options.roles;
            let kind = match def.role {
                _ if def.lookup.is_some() => "lookup table",
                Some(Role::Source) => "source",
                Some(Role::Sink) => "sink",
                _ if !roles.contains(&Role::Sink) => "source",
                _ if !roles.contains(&Role::Source) => "sink",
                _ => "source or sink",
            };
            (kind, def.connector.clone())
        }
    }
}

/// Columns as wide as their longest text.
fn aligned(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let header: Vec<String> = header.iter().map(ToString::to_string).collect();
    let all: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let columns = all.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        all.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &all {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "CREATE TABLE t (a INT NOT NULL, b TEXT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
WITH (connector = 'filesystem', path = '/t', type = 'source', format = 'json');
";

    fn answers(sql: &str) -> Answers {
        answer(&PlanRequest::new(format!("{TABLE}{sql}"))).unwrap()
    }

    #[test]
    fn tables_are_shown_and_described() {
        let answers = answers("CREATE VIEW v AS SELECT a + 1 AS c FROM t; SHOW TABLES; DESCRIBE T; desc table v;");
        let [shown, table, view] = answers.texts.as_slice() else { panic!("{:?}", answers.texts) };
        assert_eq!(shown, "table  kind    connector\nt      source  filesystem\nv      view\n");
        assert!(table.starts_with("t: source, filesystem\ncolumn  type"), "{table}");
        assert!(table.contains("a       INTEGER") && table.ends_with("WATERMARK FOR at\n"), "{table}");
        assert!(view.starts_with("v: view\n") && view.contains("c       BIGINT"), "{view}");
        assert!(!answers.is_query_left);
    }

    #[test]
    fn explained_queries_do_not_run() {
        let answers = answers("EXPLAIN SELECT a FROM t\nWHERE a > 3; SELECT b FROM t;");
        let [explained] = answers.texts.as_slice() else { panic!("{:?}", answers.texts) };
        for part in ["Logical plan", "Streaming plan", "Physical plan", "a > "] {
            assert!(explained.contains(part), "{explained}");
        }
        assert!(answers.is_query_left && !answers.rest.contains("EXPLAIN") && !answers.rest.contains("WHERE"));
        assert!(answers.rest.ends_with("; SELECT b FROM t;"), "{}", answers.rest);
        assert_eq!(answers.rest.lines().count(), 4);
    }

    #[test]
    fn an_analyzed_query_is_left_to_run_and_its_rows_go_nowhere() {
        let answers = answers("SHOW TABLES; EXPLAIN ANALYZE SELECT a FROM t;");
        assert!(answers.is_query_left && answers.is_analysis && answers.texts.len() == 1);
        assert!(answers.rest.contains("EXPLAIN ANALYZE SELECT a FROM t"), "{}", answers.rest);
        let plan = crate::plan(&PlanRequest::new(answers.rest)).unwrap();
        assert!(plan.stream.starts_with("Sink: counted Blackhole\n"), "{}", plan.stream);
    }

    #[test]
    fn an_analyzed_query_is_alone() {
        for sql in
            ["EXPLAIN ANALYZE SELECT a FROM t; SELECT b FROM t", "SELECT b FROM t; EXPLAIN ANALYZE SELECT a FROM t"]
        {
            let faults = crate::plan(&PlanRequest::new(format!("{TABLE}{sql}"))).unwrap_err();
            assert!(faults.iter().any(|fault| fault.message.contains("the only query")), "{faults:?}");
        }
    }

    #[test]
    fn pipelines_do_not_ask() {
        let faults = crate::plan(&PlanRequest::new(format!("{TABLE}SHOW TABLES"))).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message.contains("SHOW TABLES")), "{faults:?}");
    }
}
