//! Tumbling, hopping, cumulating and session aggregates give what batch SQL gives, however the stream is cut: batch sizes, subtasks,
//! checkpoints and restores at another parallelism.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow::datatypes::TimestampNanosecondType;
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{AggregateQuery, OperatorStage, WindowKind, rows_of, windowed_answer};
use arroyo_types::EventTime;
use proptest::prelude::*;
use proptest::sample::subsequence;

const AGGREGATES: [&str; 24] = [
    "count(*)",
    "count(v)",
    "sum(v)",
    "avg(v)",
    "min(v)",
    "max(s)",
    "min(s)",
    "count(DISTINCT v)",
    "sum(DISTINCT v)",
    "sum(v) FILTER (WHERE v > 0)",
    "count(*) FILTER (WHERE s IS NULL)",
    "median(v)",
    "bool_and(v > 0)",
    "bool_or(v > 2)",
    "bit_xor(v)",
    "stddev(v)",
    "var_pop(v)",
    "corr(v, id)",
    "approx_distinct(s)",
    "first_value(v ORDER BY id)",
    "last_value(s ORDER BY id)",
    "nth_value(v, 2 ORDER BY id)",
    "array_agg(v ORDER BY id)",
    "string_agg(s, ',' ORDER BY id)",
];

/// What happens to the stream after a batch.
#[derive(Debug, Clone, Copy)]
enum Step {
    Go,
    Watermark,
    Checkpoint,
    Restart(u32),
}

#[derive(Debug, Clone)]
struct Case {
    rows: RecordBatch,
    keys: Vec<&'static str>,
    aggregates: Vec<&'static str>,
    /// Rows of each batch, and what happens after it.
    batches: Vec<(usize, Step)>,
    partials: u32,
    finals: u32,
}

type Row = (Option<u8>, Option<i64>, Option<i64>, Option<String>, i64);

/// Many nulls, few and skewed keys, times that are out of order.
fn row() -> impl Strategy<Value = Row> {
    (
        proptest::option::weighted(0.8, prop_oneof![4 => Just(0u8), 1 => 0u8..5]),
        proptest::option::weighted(0.6, 0i64..3),
        proptest::option::weighted(0.7, -5i64..6),
        proptest::option::weighted(0.7, "[a-c]{0,2}"),
        0i64..9,
    )
}

/// Time advances by one or seven a row, and each row is up to eight off.
fn batch_of(rows: Vec<Row>, sparse: bool) -> RecordBatch {
    let step = if sparse { 7 } else { 1 };
    let times = rows.iter().enumerate().map(|(place, row)| (place as i64) * step + row.4 - 20);
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("k", Arc::new(rows.iter().map(|row| row.0.map(|key| format!("key-{key}"))).collect::<StringArray>())),
        ("g", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("id", Arc::new((0..rows.len() as i64).collect::<Int64Array>())),
        ("v", Arc::new(rows.iter().map(|row| row.2).collect::<Int64Array>())),
        ("s", Arc::new(rows.iter().map(|row| row.3.clone()).collect::<StringArray>())),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from_iter_values(times))),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn case() -> impl Strategy<Value = Case> {
    let step = prop_oneof![
        3 => Just(Step::Go),
        4 => Just(Step::Watermark),
        2 => Just(Step::Checkpoint),
        1 => (1u32..4).prop_map(Step::Restart),
    ];
    (
        proptest::collection::vec(row(), 0..120),
        any::<bool>(),
        prop_oneof![Just(vec![]), Just(vec!["k"]), Just(vec!["g"]), Just(vec!["k", "g"])],
        subsequence(AGGREGATES.to_vec(), 1..6),
        proptest::collection::vec((0usize..20, step), 30),
        1u32..4,
        1u32..4,
    )
        .prop_map(|(rows, sparse, keys, aggregates, batches, partials, finals)| Case {
            rows: batch_of(rows, sparse),
            keys,
            aggregates,
            batches,
            partials,
            finals,
        })
}

fn storage() -> Storage {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Storage::open(&format!("memory://windows-{}", NEXT.fetch_add(1, Ordering::Relaxed))).expect("memory")
}

impl Case {
    fn query(&self) -> Result<AggregateQuery> {
        AggregateQuery::new(&self.rows.schema(), &self.keys, &self.aggregates)
    }

    /// The stream's batches with what happens after each, and the watermark that then is true: no later row is before it.
    fn stream(&self) -> Vec<(RecordBatch, Step, i64)> {
        let mut stream = Vec::new();
        let mut start = 0;
        for (size, step) in self.batches.iter().copied().chain([(usize::MAX, Step::Go)]) {
            let size = size.min(self.rows.num_rows() - start);
            let batch = self.rows.slice(start, size);
            start += size;
            let rest = self.rows.slice(start, self.rows.num_rows() - start);
            let times = rest.column(rest.num_columns() - 1).as_primitive::<TimestampNanosecondType>();
            let watermark = arrow::compute::min(times).unwrap_or(i64::MAX - 1);
            stream.push((batch, step, watermark));
        }
        stream
    }

    fn windows(&self, kind: WindowKind) -> Result<(Vec<String>, Vec<String>)> {
        let query = self.query()?;
        let (partial, total) = query.window(kind)?;
        let mut partials = OperatorStage::new(partial, vec![self.rows.schema()], self.partials, storage())?;
        let mut finals = OperatorStage::new(total, vec![query.partial_schema()?], self.finals, storage())?;
        for (place, (batch, step, watermark)) in self.stream().into_iter().enumerate() {
            partials.process(place as u32 % self.partials, batch)?;
            match step {
                Step::Go => {}
                Step::Watermark => partials.watermark(at(watermark))?,
                Step::Checkpoint | Step::Restart(_) => partials.checkpoint()?,
            }
            for batch in partials.take_batches() {
                finals.process_shuffled(&batch, &self.keys)?;
            }
            match step {
                Step::Go => {}
                Step::Watermark => finals.watermark(at(watermark))?,
                Step::Checkpoint => finals.checkpoint()?,
                Step::Restart(parallelism) => {
                    finals.checkpoint()?;
                    finals.restart(parallelism)?;
                }
            }
        }
        partials.watermark(Watermark::At(EventTime::MAX))?;
        for batch in partials.take_batches() {
            finals.process_shuffled(&batch, &self.keys)?;
        }
        finals.end()?;
        let expected = windowed_answer(&query, kind, &self.rows)?;
        anyhow::ensure!(finals.late_rows() == 0, "{} rows were late", finals.late_rows());
        Ok((sorted_rows(&mut finals)?, expected))
    }

    fn holds(&self, kind: WindowKind) -> Result<(), TestCaseError> {
        let (streamed, expected) = self.windows(kind).map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        prop_assert_eq!(streamed, expected);
        Ok(())
    }

    fn sessions(&self, gap: i64) -> Result<(Vec<String>, Vec<String>)> {
        let query = self.query()?;
        let mut stage = OperatorStage::new(query.session(gap)?, vec![self.rows.schema()], self.finals, storage())?;
        for (batch, step, watermark) in self.stream() {
            stage.process_shuffled(&batch, &self.keys)?;
            match step {
                Step::Go => {}
                Step::Watermark => stage.watermark(at(watermark))?,
                Step::Checkpoint => stage.checkpoint()?,
                Step::Restart(parallelism) => {
                    stage.checkpoint()?;
                    stage.restart(parallelism)?;
                }
            }
        }
        stage.end()?;
        let expected = windowed_answer(&query, WindowKind::Session { gap }, &self.rows)?;
        anyhow::ensure!(stage.late_rows() == 0, "{} rows were late", stage.late_rows());
        Ok((sorted_rows(&mut stage)?, expected))
    }
}

fn at(nanos: i64) -> Watermark {
    Watermark::At(EventTime::from_nanos(nanos))
}

fn sorted_rows(stage: &mut OperatorStage) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for batch in stage.take_batches() {
        rows.extend(rows_of(&batch)?);
    }
    rows.sort();
    Ok(rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn tumbling_windows_equal_batch(case in case(), width in 1i64..40, offset in -50i64..50) {
        case.holds(WindowKind::Hop { width, slide: width, offset })?;
    }

    #[test]
    fn hopping_windows_equal_batch(case in case(), width in 1i64..40, slide in 1i64..40, offset in -50i64..50) {
        case.holds(WindowKind::Hop { width, slide, offset })?;
    }

    #[test]
    fn cumulating_windows_equal_batch(case in case(), step in 1i64..12, steps in 1i64..7, offset in -50i64..50) {
        case.holds(WindowKind::Cumulate { step, width: step * steps, offset })?;
    }

    #[test]
    fn sessions_equal_batch(case in case(), gap in 1i64..20) {
        let (streamed, expected) = case.sessions(gap).map_err(|error| TestCaseError::fail(format!("{error:#}")))?;
        prop_assert_eq!(streamed, expected);
    }
}
