//! `MATCH_RECOGNIZE` gives what trying one way after the other on sorted rows gives, however the stream is cut: batch sizes,
//! subtasks, checkpoints and restores at another parallelism.

mod generate;
mod reference;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};
use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{SchemaRef, TimestampNanosecondType};
use arrow::util::display::array_value_to_string;
use arroyo_dataflow::{Operator, names};
use arroyo_operator::Watermark;
use arroyo_planner::{PlanRequest, render};
use arroyo_storage::Storage;
use arroyo_testing::OperatorStage;
use arroyo_types::EventTime;
use proptest::prelude::*;

use self::generate::{query, query_of_rows, rows};
use self::reference::{Match, NAMES, NoAnswer, Pattern, Query, Row, Skip};

/// What happens to the stream after a batch.
#[derive(Debug, Clone, Copy)]
enum Step {
    Go,
    Watermark,
    Checkpoint,
    Restart(u32),
}

/// How the stream is cut, and what is asked of each match.
#[derive(Debug, Clone)]
struct Run {
    batches: Vec<(usize, Step)>,
    parallelism: u32,
    keyed: bool,
    all_rows: bool,
    /// Whether neighbours of matches are measured: then matches wait for them.
    neighbours: bool,
}

fn run() -> impl Strategy<Value = Run> {
    let step = prop_oneof![
        3 => Just(Step::Go),
        4 => Just(Step::Watermark),
        2 => Just(Step::Checkpoint),
        1 => (1u32..4).prop_map(Step::Restart),
    ];
    let batches = proptest::collection::vec((0usize..12, step), 30);
    (batches, 1u32..4, prop::bool::weighted(0.8), any::<bool>(), prop::bool::weighted(0.3)).prop_map(
        |(batches, parallelism, keyed, all_rows, neighbours)| Run { batches, parallelism, keyed, all_rows, neighbours },
    )
}

fn variables_of(pattern: &Pattern, found: &mut [bool; 4]) {
    match pattern {
        Pattern::Variable(variable) => found[*variable] = true,
        Pattern::Sequence(parts) | Pattern::Alternatives(parts) => {
            parts.iter().for_each(|part| variables_of(part, found));
        }
        Pattern::Repeated { pattern, .. } => variables_of(pattern, found),
    }
}

impl Run {
    fn sql(&self, query: &Query) -> String {
        let partition = if self.keyed { "PARTITION BY k" } else { "" };
        let rows = if self.all_rows { "ALL ROWS PER MATCH" } else { "ONE ROW PER MATCH" };
        let neighbours = if self.neighbours { ", PREV(FIRST(id), 2) AS p, NEXT(LAST(id), 2) AS q" } else { "" };
        let skip = match query.skip {
            Skip::PastLastRow => "PAST LAST ROW".to_owned(),
            Skip::ToNextRow => "TO NEXT ROW".to_owned(),
            Skip::ToFirst(variable) => format!("TO FIRST {}", NAMES[variable]),
            Skip::ToLast(variable) => format!("TO LAST {}", NAMES[variable]),
        };
        let within = query.within.map(|nanos| format!("WITHIN INTERVAL '0.{nanos:09}' SECOND")).unwrap_or_default();
        let conditions = query.conditions.iter().zip(NAMES).filter_map(|(condition, name)| {
            condition.as_ref().map(|condition| format!("{name} AS {}", condition.sql(name)))
        });
        let conditions: Vec<String> = conditions.collect();
        let define = if conditions.is_empty() { String::new() } else { format!("DEFINE {}", conditions.join(", ")) };
        format!(
            "CREATE TABLE t (k TEXT, id BIGINT NOT NULL, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
             WITH (connector = 'single_file', path = '/nowhere', type = 'source', format = 'json');
             SELECT m, f, l, n, c, s, a, b{} FROM t MATCH_RECOGNIZE (
                {partition} ORDER BY at, id
                MEASURES MATCH_NUMBER() AS m, FIRST(id) AS f, FINAL LAST(id) AS l, COUNT(*) AS n, CLASSIFIER() AS c, SUM(v) AS s,
                    array_agg(A.id) AS a, FINAL array_agg(AB.id) AS b {neighbours}
                {rows} AFTER MATCH SKIP {skip}
                PATTERN ({}) {within} SUBSET AB = (A, B) {define}
             );",
            if self.neighbours { ", p, q" } else { "" },
            query.pattern
        )
    }

    /// The rows that come of the matches of one partition, as texts.
    fn expected(&self, rows: &[Row], matches: &[Match]) -> Vec<String> {
        let text = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let list = |ids: Vec<i64>| {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            if ids.is_empty() { String::new() } else { format!("[{}]", ids.join(", ")) }
        };
        let mut lines = Vec::new();
        for (number, found) in matches.iter().enumerate() {
            let all = found.variables.len();
            let first = if self.all_rows { all.min(1) } else { all };
            for count in first..=all {
                let taken: Vec<(&Row, usize)> =
                    rows[found.start..].iter().zip(found.variables.iter().copied()).collect();
                let so_far = &taken[..count];
                let sums: Vec<i64> = so_far.iter().filter_map(|(row, _)| row.v).collect();
                let of = |taken: &[(&Row, usize)], below: usize| {
                    list(taken.iter().filter(|(_, variable)| *variable < below).map(|(row, _)| row.id).collect())
                };
                let mut values = vec![
                    (number + 1).to_string(),
                    text(so_far.first().map(|(row, _)| row.id)),
                    text(taken.last().map(|(row, _)| row.id)),
                    count.to_string(),
                    so_far.last().map(|(_, variable)| NAMES[*variable].to_owned()).unwrap_or_default(),
                    text((!sums.is_empty()).then(|| sums.iter().sum())),
                    of(so_far, 1),
                    of(&taken, 2),
                ];
                if self.neighbours {
                    let neighbour =
                        |place: Option<usize>| text(place.and_then(|place| rows.get(place)).map(|row| row.id));
                    let is_there = count > 0;
                    values.push(neighbour(is_there.then(|| found.start.checked_sub(2)).flatten()));
                    values.push(neighbour(is_there.then_some(found.start + count + 1)));
                }
                let end = rows[found.start + all.saturating_sub(1)].time;
                lines.push(format!("{} at {end}", values.join("|")));
            }
        }
        lines
    }
}

/// The operator that computes the matches, and what it reads.
fn operator(sql: &str) -> Result<(Operator, SchemaRef)> {
    let request = PlanRequest { parallelism: 1, ..PlanRequest::new(sql) };
    let plan = arroyo_planner::plan(&request).map_err(|faults| anyhow!(render(&faults.0, sql, "query.sql")))?;
    for node in &plan.program.nodes {
        if let Some(operator) = node.chain.iter().find(|operator| operator.name == names::MATCH_RECOGNIZE) {
            let edge = plan.program.inputs(node.id).next().context("the operator has no input")?;
            return Ok((operator.clone(), Arc::clone(&edge.schema)));
        }
    }
    Err(anyhow!("the program has no such operator"))
}

fn batch(schema: &SchemaRef, rows: &[Row]) -> Result<RecordBatch> {
    let column = |name: &str| -> Result<ArrayRef> {
        Ok(match name {
            "k" => Arc::new(rows.iter().map(|row| row.key.map(|key| format!("key-{key}"))).collect::<StringArray>()),
            "id" => Arc::new(rows.iter().map(|row| row.id).collect::<Int64Array>()),
            "v" => Arc::new(rows.iter().map(|row| row.v).collect::<Int64Array>()),
            "at" | "_timestamp" => {
                Arc::new(rows.iter().map(|row| Some(row.time)).collect::<TimestampNanosecondArray>())
            }
            other => anyhow::bail!("the operator reads a column `{other}`"),
        })
    };
    let columns = schema.fields().iter().map(|field| column(field.name())).collect::<Result<Vec<_>>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

fn storage() -> Storage {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Storage::open(&format!("memory://matches-{}", NEXT.fetch_add(1, Ordering::Relaxed))).expect("memory")
}

/// The rows of a batch as texts.
fn texts(batch: &RecordBatch) -> Result<Vec<String>> {
    let (time, columns) = batch.columns().split_last().context("no columns")?;
    let time = time.as_primitive::<TimestampNanosecondType>();
    // PARTITION BY comes first.
    let columns: Vec<&ArrayRef> = batch
        .schema_ref()
        .fields()
        .iter()
        .zip(columns)
        .filter(|(field, _)| field.name().len() == 1 && field.name() != "k" && field.name() != "v")
        .map(|(_, column)| column)
        .collect();
    (0..batch.num_rows())
        .map(|row| {
            let values = columns.iter().map(|column| array_value_to_string(column, row));
            Ok(format!("{} at {}", values.collect::<Result<Vec<_>, _>>()?.join("|"), time.value(row)))
        })
        .collect()
}

impl Run {
    /// What the operator emits, as texts in order.
    fn emitted(&self, sql: &str, rows: &[Row]) -> Result<Vec<String>> {
        let (operator, schema) = operator(sql)?;
        let keys: &[&str] = if self.keyed { &["k"] } else { &[] };
        let mut stage = OperatorStage::new(operator, vec![Arc::clone(&schema)], self.parallelism, storage())?;
        let mut lines = Vec::new();
        let mut promised = i64::MIN;
        let mut start = 0;
        for (size, step) in self.batches.iter().copied().chain([(usize::MAX, Step::Go)]) {
            let end = start + size.min(rows.len() - start);
            stage.process_shuffled(&batch(&schema, &rows[start..end])?, keys)?;
            start = end;
            match step {
                Step::Go => {}
                Step::Watermark => {
                    let rest = rows[start..].iter().map(|row| row.time).min();
                    advance(
                        &mut stage,
                        EventTime::from_nanos(rest.unwrap_or(i64::MAX - 1)),
                        &mut promised,
                        &mut lines,
                    )?;
                }
                Step::Checkpoint => stage.checkpoint()?,
                Step::Restart(parallelism) => {
                    stage.checkpoint()?;
                    stage.restart(parallelism)?;
                }
            }
        }
        stage.output.watermarks.clear();
        stage.end()?;
        take_emitted(&mut stage, &mut promised, &mut lines)?;
        anyhow::ensure!(stage.late_rows() == 0, "{} rows were late", stage.late_rows());
        lines.sort();
        Ok(lines)
    }
}

/// Gives a watermark to the operator: no row that it emits may be behind what it `promised` before.
fn advance(stage: &mut OperatorStage, to: EventTime, promised: &mut i64, lines: &mut Vec<String>) -> Result<()> {
    stage.output.watermarks.clear();
    stage.watermark(Watermark::At(to))?;
    take_emitted(stage, promised, lines)
}

/// Takes the rows that came, which must not be behind the watermark, and the watermark that came with them.
fn take_emitted(stage: &mut OperatorStage, promised: &mut i64, lines: &mut Vec<String>) -> Result<()> {
    for batch in stage.take_batches() {
        let times = batch.column(batch.num_columns() - 1).as_primitive::<TimestampNanosecondType>();
        let late = times.values().iter().find(|time| **time < *promised);
        anyhow::ensure!(late.is_none(), "a row at {late:?} comes behind the watermark {promised}");
        lines.extend(texts(&batch)?);
    }
    let said = stage.output.watermarks.iter().map(|watermark| match watermark {
        Watermark::At(time) => time.nanos(),
        _ => i64::MIN,
    });
    // Which subtask emits a row is not known.
    *promised = said.min().unwrap_or(i64::MIN);
    Ok(())
}

/// Compares the operator with the reference.
fn compare(run: &Run, query: &Query, rows: &[Row]) -> Result<(), TestCaseError> {
    let mut used = [false; 4];
    variables_of(&query.pattern, &mut used);
    // The query names all variables.
    let mut query = query.clone();
    if used != [true; 4] {
        let missing = (0..4).filter(|variable| !used[*variable]).map(Pattern::Variable);
        let never = Pattern::Sequence(missing.collect());
        query.pattern = Pattern::Alternatives(vec![query.pattern.clone(), never]);
    }
    let mut partitions: BTreeMap<Option<u8>, Vec<Row>> = BTreeMap::new();
    for row in rows {
        partitions.entry(row.key.filter(|_| run.keyed)).or_default().push(row.clone());
    }
    let mut expected = Ok(Vec::new());
    for partition in partitions.values_mut() {
        partition.sort_by_key(|row| (row.time, row.id));
        match (query.matches(partition), &mut expected) {
            (Ok(matches), Ok(lines)) => lines.extend(run.expected(partition, &matches)),
            (Err(NoAnswer::TooLong), _) => return Err(TestCaseError::reject("it takes too long")),
            (Err(error), Ok(_)) => expected = Err(error),
            (_, Err(_)) => {}
        }
    }
    let sql = run.sql(&query);
    match (run.emitted(&sql, rows), expected) {
        (Ok(found), Ok(mut lines)) => {
            lines.sort();
            prop_assert_eq!(found, lines, "{}", sql);
            Ok(())
        }
        (Err(error), Err(NoAnswer::CannotSkip)) => {
            let text = format!("{error:#}");
            prop_assert!(text.contains("cannot go on") || text.contains("never go on"), "{text}");
            Ok(())
        }
        (Err(error), _) if format!("{error:#}").contains("the search would never go on") => {
            Err(TestCaseError::reject("no match can be skipped"))
        }
        (Err(error), _) => Err(TestCaseError::fail(format!("{error:#}\n{sql}"))),
        (Ok(found), Err(error)) => Err(TestCaseError::fail(format!("{found:?}, but {error:?}\n{sql}"))),
    }
}

#[test]
fn rows_that_no_match_can_use_are_forgotten() {
    for (clauses, is_empty) in [
        ("PATTERN (A B) DEFINE A AS v > 5", true),
        ("PATTERN (A B)", true),
        ("PATTERN (A+ B) WITHIN INTERVAL '0.00000001' SECOND DEFINE B AS v > 5", true),
        ("PATTERN (A+ B) DEFINE A AS v < 5 AND COUNT(*) < 9, B AS v > 5", false),
        ("PATTERN (A) DEFINE A AS v > PREV(v)", false),
    ] {
        let sql = format!(
            "CREATE TABLE t (k TEXT, id BIGINT NOT NULL, v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at)
             WITH (connector = 'single_file', path = '/nowhere', type = 'source', format = 'json');
             SELECT * FROM t MATCH_RECOGNIZE (PARTITION BY k ORDER BY at, id MEASURES COUNT(*) AS n, SUM(v) AS s {clauses});"
        );
        let (operator, schema) = operator(&sql).expect("a plan");
        let mut stage = OperatorStage::new(operator, vec![Arc::clone(&schema)], 1, storage()).expect("an operator");
        let mut sizes = Vec::new();
        for times in [0..100, 100..1000] {
            let rows = times.clone().map(|time| Row { key: Some((time % 2) as u8), id: time, v: Some(time % 3), time });
            let rows: Vec<Row> = rows.collect();
            stage.process_shuffled(&batch(&schema, &rows).expect("rows"), &["k"]).expect("it takes rows");
            let mut promised = i64::MIN;
            advance(&mut stage, EventTime::from_nanos(times.end + 100), &mut promised, &mut Vec::new())
                .expect("it goes on");
            stage.checkpoint().expect("a checkpoint");
            sizes.push(stage.state_bytes());
        }
        assert_eq!(sizes == [0, 0], is_empty, "{clauses}: {sizes:?}");
        assert!(sizes[1] < 3 * sizes[0] + 1, "{clauses}: {sizes:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, failure_persistence: None, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn matches_equal_the_reference(query in query(), rows in rows(), run in run()) {
        compare(&run, &query, &rows)?;
    }

    #[test]
    fn matches_by_the_current_row_equal_the_reference(query in query_of_rows(), rows in rows(), run in run()) {
        compare(&run, &query, &rows)?;
    }
}
