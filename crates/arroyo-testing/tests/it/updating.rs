//! Aggregates without windows give what batch SQL gives for the rows that are left, whatever was inserted and taken back, and
//! however the stream is cut: batch sizes, subtasks, checkpoints and restores at another parallelism.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use arrow::array::{
    ArrayRef, AsArray, Float64Array, Int8Array, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray,
};
use arrow::datatypes::Int8Type;
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{AggregateQuery, OperatorStage, block_on, rows_of};
use datafusion::prelude::{SessionConfig, SessionContext};
use proptest::prelude::*;
use proptest::sample::subsequence;

const AGGREGATES: [&str; 24] = [
    "count(*)",
    "count(v)",
    "sum(v)",
    "avg(v)",
    "min(v)",
    "max(v)",
    "min(f)",
    "max(f)",
    "max(s)",
    "min(s) FILTER (WHERE v > 0)",
    "min(DISTINCT v)",
    "count(DISTINCT v)",
    "count(DISTINCT s) FILTER (WHERE v > 0)",
    "sum(DISTINCT v)",
    "median(v)",
    "median(f)",
    "median(DISTINCT v)",
    "bool_and(v > 0)",
    "first_value(v ORDER BY id)",
    "first_value(v ORDER BY s DESC NULLS LAST, id)",
    "first_value(s IGNORE NULLS ORDER BY id DESC)",
    "last_value(s ORDER BY id)",
    "array_agg(v ORDER BY id)",
    "nth_value(v, 2 ORDER BY id)",
];

/// What happens after a batch.
#[derive(Debug, Clone, Copy)]
enum Step {
    Go,
    Flush,
    Checkpoint,
    Restart(u32),
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    key: Option<u8>,
    id: i64,
    value: Option<i64>,
    float: Option<i8>,
    text: Option<String>,
}

#[derive(Debug, Clone)]
struct Case {
    changes: Vec<(Row, i8)>,
    is_changelog: bool,
    keys: Vec<&'static str>,
    aggregates: Vec<&'static str>,
    batches: Vec<(usize, Step)>,
    partials: u32,
    finals: u32,
}

fn row() -> impl Strategy<Value = Row> {
    (
        proptest::option::weighted(0.8, prop_oneof![4 => Just(0u8), 1 => 0u8..4]),
        proptest::option::weighted(0.8, -5i64..6),
        proptest::option::weighted(0.8, -3i8..4),
        proptest::option::weighted(0.7, "[a-c]{0,2}"),
    )
        .prop_map(|(key, value, float, text)| Row { key, id: 0, value, float, text })
}

/// Rows that come, and some of them that go again: the number says which.
fn changes(rows: Vec<(Row, Option<usize>)>, is_changelog: bool) -> Vec<(Row, i8)> {
    let (mut changes, mut left): (Vec<(Row, i8)>, Vec<Row>) = (Vec::new(), Vec::new());
    for (place, (row, gone)) in rows.into_iter().enumerate() {
        match gone.filter(|_| is_changelog && !left.is_empty()) {
            Some(gone) => changes.push((left.swap_remove(gone % left.len()), -1)),
            None => {
                let row = Row { id: place as i64, ..row };
                left.push(row.clone());
                changes.push((row, 1));
            }
        }
    }
    changes
}

fn case() -> impl Strategy<Value = Case> {
    let step = prop_oneof![
        3 => Just(Step::Go),
        3 => Just(Step::Flush),
        2 => Just(Step::Checkpoint),
        1 => (1u32..4).prop_map(Step::Restart),
    ];
    (
        proptest::collection::vec((row(), proptest::option::weighted(0.4, any::<usize>())), 0..120),
        prop_oneof![3 => Just(true), 1 => Just(false)],
        prop_oneof![Just(vec![]), Just(vec!["k"])],
        subsequence(AGGREGATES.to_vec(), 1..7),
        proptest::collection::vec((0usize..16, step), 30),
        1u32..3,
        1u32..4,
    )
        .prop_map(|(rows, is_changelog, keys, aggregates, batches, partials, finals)| Case {
            changes: changes(rows, is_changelog),
            is_changelog,
            keys,
            aggregates,
            batches,
            partials,
            finals,
        })
}

fn batch_of(changes: &[(Row, i8)], is_changelog: bool) -> RecordBatch {
    let rows = || changes.iter().map(|(row, _)| row);
    let mut columns: Vec<(&str, ArrayRef, bool)> = vec![
        ("k", Arc::new(rows().map(|row| row.key.map(|key| format!("key-{key}"))).collect::<StringArray>()), true),
        ("id", Arc::new(rows().map(|row| row.id).collect::<Int64Array>()), true),
        ("v", Arc::new(rows().map(|row| row.value).collect::<Int64Array>()), true),
        (
            "f",
            Arc::new(rows().map(|row| row.float.map(|float| f64::from(float) / 2.0)).collect::<Float64Array>()),
            true,
        ),
        ("s", Arc::new(rows().map(|row| row.text.clone()).collect::<StringArray>()), true),
    ];
    if is_changelog {
        columns.push(("_change", Arc::new(changes.iter().map(|(_, change)| *change).collect::<Int8Array>()), false));
    }
    let times = TimestampNanosecondArray::from_iter_values(rows().map(|row| row.id));
    columns.push(("_timestamp", Arc::new(times), false));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

fn stage(
    operator: arroyo_dataflow::Operator,
    input: arrow::datatypes::SchemaRef,
    subtasks: u32,
) -> Result<OperatorStage> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let storage = Storage::open(&format!("memory://updating-{}", NEXT.fetch_add(1, Ordering::Relaxed)))?;
    OperatorStage::new(operator, vec![input], subtasks, storage)
}

impl Case {
    /// What is left of the changes that come out.
    fn streamed(&self) -> Result<Vec<String>> {
        let schema = batch_of(&[], self.is_changelog).schema();
        let query = AggregateQuery::new(&schema, &self.keys, &self.aggregates)?;
        let (partial, total, between) = query.updating()?;
        let mut partials = stage(partial, schema, self.partials)?;
        // Without keys there is one group, and one subtask.
        let at_most = if self.keys.is_empty() { 1 } else { u32::MAX };
        let mut finals = stage(total, between, self.finals.min(at_most))?;
        let mut rest = self.changes.as_slice();
        for (place, (size, step)) in self.batches.iter().copied().chain([(usize::MAX, Step::Go)]).enumerate() {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            rest = later;
            partials.process(place as u32 % self.partials, batch_of(batch, self.is_changelog))?;
            if matches!(step, Step::Go) && !rest.is_empty() {
                continue;
            }
            partials.checkpoint()?;
            for batch in partials.take_batches() {
                finals.process_shuffled(&batch, &self.keys)?;
            }
            match step {
                Step::Go => {}
                Step::Flush => finals.watermark(Watermark::Idle)?,
                Step::Checkpoint => finals.checkpoint()?,
                Step::Restart(parallelism) => {
                    finals.checkpoint()?;
                    finals.restart(parallelism.min(at_most))?;
                }
            }
        }
        finals.end()?;
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for batch in finals.take_batches() {
            let values = batch.num_columns() - 2;
            let changes = batch.column(values).as_primitive::<Int8Type>().clone();
            let rows = rows_of(&batch.project(&(0..values).collect::<Vec<_>>())?)?;
            for (row, change) in rows.into_iter().zip(changes.values()) {
                *counts.entry(row).or_default() += i64::from(*change);
            }
        }
        anyhow::ensure!(counts.values().all(|count| *count >= 0), "a row was retracted that was not there: {counts:?}");
        Ok(counts.into_iter().flat_map(|(row, count)| std::iter::repeat_n(row, count as usize)).collect())
    }

    /// The batch answer over the rows that are left.
    fn expected(&self) -> Result<Vec<String>> {
        let mut left: Vec<(Row, i8)> = Vec::new();
        for (row, change) in &self.changes {
            if *change > 0 {
                left.push((row.clone(), 1));
            } else {
                let place = left.iter().position(|(other, _)| other == row).context("a row that is not there")?;
                left.remove(place);
            }
        }
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        context.register_batch("t", batch_of(&left, false))?;
        let columns: Vec<&str> = self.keys.iter().chain(&self.aggregates).copied().collect();
        let group_by = if self.keys.is_empty() { String::new() } else { format!("GROUP BY {}", self.keys.join(", ")) };
        let sql = format!("SELECT {} FROM t {group_by}", columns.join(", "));
        let batches = block_on(async { context.sql(&sql).await?.collect().await })??;
        let mut rows = Vec::new();
        for batch in batches {
            rows.extend(rows_of(&batch)?);
        }
        rows.sort();
        Ok(rows)
    }
}

#[test]
fn the_answer_of_no_rows_comes_before_the_end() {
    let (keys, aggregates) = (Vec::new(), vec!["count(*)", "sum(v)"]);
    let none = Case {
        changes: Vec::new(),
        is_changelog: false,
        keys,
        aggregates,
        batches: Vec::new(),
        partials: 1,
        finals: 1,
    };
    assert_eq!(none.streamed().unwrap(), none.expected().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn updated_aggregates_equal_batch(case in case()) {
        let failed = |error: anyhow::Error| TestCaseError::fail(format!("{error:#}"));
        let (mut streamed, expected) = (case.streamed().map_err(failed)?, case.expected().map_err(failed)?);
        streamed.sort();
        prop_assert_eq!(streamed, expected);
    }
}
