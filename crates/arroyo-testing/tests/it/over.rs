//! Functions with OVER give what batch SQL gives, however the stream is cut: batch sizes, subtasks, checkpoints and restores at
//! another parallelism.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Int8Type, Schema, TimestampNanosecondType};
use arroyo_dataflow::{Operator, encode_schema, names, operators as config};
use arroyo_expr::encode;
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{OperatorStage, block_on, rows_of};
use arroyo_types::EventTime;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::prelude::{SessionConfig, SessionContext};
use proptest::prelude::*;
use proptest::sample::subsequence;
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls that can be computed while rows come in the order of time. `$` is `PARTITION BY … ORDER BY …`.
const IN_ORDER_OF_TIME: [&str; 32] = [
    "row_number() OVER ($)",
    "lag(v) OVER ($)",
    "lag(id, 2, -1) OVER ($)",
    "lead(v) OVER ($)",
    "lead(id, 3, -1) OVER ($)",
    "lag(id, -1) OVER ($)",
    "sum(v) OVER ($)",
    "count(*) OVER ($)",
    "avg(v) OVER ($)",
    "min(s) OVER ($)",
    "max(v) OVER ($)",
    "count(DISTINCT v) OVER ($)",
    "sum(v) FILTER (WHERE v > 0) OVER ($)",
    "stddev(v) OVER ($)",
    "array_agg(v) OVER ($)",
    "first_value(v) OVER ($)",
    "last_value(v) OVER ($)",
    "nth_value(id, 2) OVER ($)",
    "sum(v) OVER ($ ROWS 2 PRECEDING)",
    "min(v) OVER ($ ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING)",
    "count(v) OVER ($ ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
    "first_value(id) OVER ($ ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING)",
    "sum(v) OVER ($ ROWS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING)",
    "count(*) OVER ($ ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING)",
    "last_value(id) OVER ($ ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)",
    "max(v) FILTER (WHERE s IS NOT NULL) OVER ($ ROWS 4 PRECEDING)",
    "count(*) OVER ($ GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING)",
    "sum(v) OVER ($ GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)",
    "count(*) OVER ($ GROUPS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING)",
    "sum(v) OVER ($ GROUPS BETWEEN 2 PRECEDING AND CURRENT ROW)",
    "rank() OVER ($)",
    "dense_rank() OVER ($)",
];

/// Calls with frames of time; they take event time only in ORDER BY.
const RANGES: [&str; 8] = [
    "rank() OVER ($)",
    "dense_rank() OVER ($)",
    "sum(v) OVER ($)",
    "sum(v) OVER ($ RANGE INTERVAL '0.000000005' SECOND PRECEDING)",
    "count(*) OVER ($ RANGE BETWEEN INTERVAL '0.000000003' SECOND PRECEDING AND INTERVAL '0.000000004' SECOND FOLLOWING)",
    "count(v) OVER ($ RANGE BETWEEN INTERVAL '0.000000009' SECOND PRECEDING AND INTERVAL '0.000000002' SECOND PRECEDING)",
    "sum(v) OVER ($ RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '0.000000003' SECOND FOLLOWING)",
    "count(*) OVER ($ RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '0.000000004' SECOND PRECEDING)",
];

/// Calls that need whole partitions: they run within windows.
const WHOLE: [&str; 8] = [
    "ntile(3) OVER ($)",
    "percent_rank() OVER ($)",
    "cume_dist() OVER ($)",
    "rank() OVER ($)",
    "last_value(v) OVER ($ ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)",
    "sum(v) OVER ($ ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    "lead(v) IGNORE NULLS OVER ($)",
    "row_number() OVER ($)",
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
    partition: Vec<&'static str>,
    /// Rows of each batch, and what happens after it.
    batches: Vec<(usize, Step)>,
    parallelism: u32,
}

type Row = (Option<u8>, Option<i64>, Option<i64>, Option<String>, i64);

/// Few and skewed keys, nulls, times that are out of order and often equal.
fn row() -> impl Strategy<Value = Row> {
    (
        proptest::option::weighted(0.8, prop_oneof![4 => Just(0u8), 1 => 0u8..4]),
        proptest::option::weighted(0.7, 0i64..2),
        proptest::option::weighted(0.7, -5i64..6),
        proptest::option::weighted(0.7, "[a-c]{0,2}"),
        0i64..9,
    )
}

fn batch_of(rows: Vec<Row>, every: i64) -> RecordBatch {
    let times: Vec<i64> = rows.iter().enumerate().map(|(place, row)| place as i64 / every + row.4 - 20).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("k", Arc::new(rows.iter().map(|row| row.0.map(|key| format!("key-{key}"))).collect::<StringArray>())),
        ("g", Arc::new(rows.iter().map(|row| row.1).collect::<Int64Array>())),
        ("id", Arc::new((0..rows.len() as i64).collect::<Int64Array>())),
        ("v", Arc::new(rows.iter().map(|row| row.2).collect::<Int64Array>())),
        ("s", Arc::new(rows.iter().map(|row| row.3.clone()).collect::<StringArray>())),
        ("w", Arc::new(times.iter().map(|time| time.div_euclid(10)).collect::<Int64Array>())),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from(times))),
    ];
    RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, name != "_timestamp")),
    )
    .expect("columns of one length")
}

fn case() -> impl Strategy<Value = Case> {
    let step = prop_oneof![
        3 => Just(Step::Go),
        4 => Just(Step::Watermark),
        2 => Just(Step::Checkpoint),
        1 => (1u32..4).prop_map(Step::Restart),
    ];
    (
        proptest::collection::vec(row(), 0..100),
        1i64..4,
        prop_oneof![Just(vec![]), Just(vec!["k"]), Just(vec!["g", "k"])],
        proptest::collection::vec((0usize..16, step), 30),
        1u32..4,
    )
        .prop_map(|(rows, every, partition, batches, parallelism)| Case {
            rows: batch_of(rows, every),
            partition,
            batches,
            parallelism,
        })
}

fn storage() -> Storage {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Storage::open(&format!("memory://over-{}", NEXT.fetch_add(1, Ordering::Relaxed))).expect("memory")
}

/// The calls of a query over the table `t` and the batch answer.
struct Query {
    sql: String,
    context: SessionContext,
}

impl Query {
    fn new(rows: &RecordBatch, calls: &[&str], clause: &str) -> Result<Self> {
        let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
        context.register_batch("t", rows.clone())?;
        let calls: Vec<String> = calls
            .iter()
            .enumerate()
            .map(|(index, call)| format!("{} AS c{index}", call.replace('$', clause)))
            .collect();
        Ok(Self { sql: format!("SELECT k, g, id, v, s, w, {}, _timestamp FROM t", calls.join(", ")), context })
    }

    fn answer(&self, condition: &str) -> Result<Vec<String>> {
        let sql = format!("SELECT * FROM ({}) {condition}", self.sql);
        let batches = block_on(async { self.context.sql(&sql).await?.collect().await })??;
        sorted(&batches)
    }

    /// The operator that computes the calls, which all have one clause.
    fn operator(&self, name: &str, input: &Schema, partition: &[&str], top: Option<config::Top>) -> Result<Operator> {
        let state = self.context.state();
        let plan = block_on(state.create_logical_plan(&self.sql))??;
        let plan = state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {})?;
        let LogicalPlan::Projection(projection) = &plan else { bail!("no projection on top") };
        let LogicalPlan::Window(window) = projection.input.as_ref() else { bail!("no window below") };
        let first_call = window.input.schema().fields().len();
        let mut functions = Vec::new();
        let mut fields: Vec<Field> = input.fields().iter().map(|field| field.as_ref().clone()).collect();
        let time = fields.pop();
        for (index, output) in projection.expr.iter().enumerate() {
            let Expr::Alias(alias) = output else { continue };
            let Expr::Column(column) = alias.expr.as_ref().clone().unalias_nested().data else {
                bail!("{} is no column", alias.expr)
            };
            let call = window.schema.index_of_column(&column)?.checked_sub(first_call);
            let call =
                call.and_then(|call| window.window_expr.get(call)).context("a call that is not in the window")?;
            functions.push(encode(call)?);
            fields.push(projection.schema.field(index).as_ref().clone().with_nullable(true));
        }
        let Some(Expr::WindowFunction(first)) =
            window.window_expr.first().cloned().map(|call| call.unalias_nested().data)
        else {
            bail!("no call")
        };
        let order = first.params.order_by.iter().map(|key| {
            Ok(config::SortKey { expr: encode(&key.expr)?, descending: !key.asc, nulls_first: key.nulls_first })
        });
        if name == names::OVER_UPDATING {
            fields.push(Field::new("_change", DataType::Int8, false));
        }
        fields.extend(time);
        let config = config::Over {
            functions,
            partition: partition
                .iter()
                .map(|column| input.index_of(column).map(|index| index as u32))
                .collect::<Result<_, _>>()?,
            order: order.collect::<Result<_>>()?,
            schema: encode_schema(&Schema::new(fields))?,
            top,
            skip: 0,
            only_rows: false,
            ttl_nanos: 0,
        };
        Ok(Operator {
            id: name.into(),
            name: name.to_string(),
            description: name.to_string(),
            config: config.encode_to_vec(),
        })
    }
}

fn sorted(batches: &[RecordBatch]) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for batch in batches {
        rows.extend(rows_of(batch)?);
    }
    rows.sort();
    Ok(rows)
}

fn at(nanos: i64) -> Watermark {
    Watermark::At(EventTime::from_nanos(nanos))
}

impl Case {
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

    /// Runs an operator over the stream; the rows that it emits, as texts.
    fn run(&self, operator: Operator, partition: &[&str]) -> Result<Vec<String>> {
        sorted(&self.emitted(operator, partition)?)
    }

    fn emitted(&self, operator: Operator, partition: &[&str]) -> Result<Vec<RecordBatch>> {
        let mut stage = OperatorStage::new(operator, vec![self.rows.schema()], self.parallelism, storage())?;
        for (batch, step, watermark) in self.stream() {
            stage.process_shuffled(&batch, partition)?;
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
        anyhow::ensure!(stage.late_rows() == 0, "{} rows were late", stage.late_rows());
        Ok(stage.take_batches())
    }

    /// The streamed answer and the one in batch.
    fn in_order_of_time(&self, calls: &[&str], order: &str) -> Result<(Vec<String>, Vec<String>)> {
        let clause = match self.partition.as_slice() {
            [] => format!("ORDER BY {order}"),
            partition => format!("PARTITION BY {} ORDER BY {order}", partition.join(", ")),
        };
        let query = Query::new(&self.rows, calls, &clause)?;
        let operator = query.operator(names::OVER_TIME, &self.rows.schema(), &self.partition, None)?;
        Ok((self.run(operator, &self.partition)?, query.answer("")?))
    }

    /// Rows as the results of windows of ten nanoseconds: `_timestamp` is the window's last one.
    fn windowed(&self) -> Result<Self> {
        let mut columns = self.rows.columns().to_vec();
        let windows = columns.get(5).context("the windows")?.as_primitive::<arrow::datatypes::Int64Type>().clone();
        columns.pop();
        let ends = windows.iter().map(|window| window.map(|window| window * 10 + 9));
        columns.push(Arc::new(ends.collect::<TimestampNanosecondArray>()));
        Ok(Self { rows: RecordBatch::try_new(self.rows.schema(), columns)?, ..self.clone() })
    }

    fn in_windows(&self, calls: &[&str], top: Option<(config::top::Rank, u64)>) -> Result<(Vec<String>, Vec<String>)> {
        let case = self.windowed()?;
        let partition: Vec<&str> = std::iter::once("w").chain(self.partition.iter().copied()).collect();
        let clause = format!("PARTITION BY {} ORDER BY v DESC, id", partition.join(", "));
        let clause = match top {
            Some((config::top::Rank::RowNumber, _)) | None => clause,
            Some(_) => clause.replace(", id", ""),
        };
        let query = Query::new(&case.rows, calls, &clause)?;
        let config = top.map(|(rank, last)| config::Top { rank: rank.into(), last });
        let operator = query.operator(names::OVER_WINDOW, &case.rows.schema(), &partition, config)?;
        let streamed = case.run(operator, &partition)?;
        let condition = top.map_or(String::new(), |(_, last)| format!("WHERE c0 <= {last}"));
        Ok((streamed, query.answer(&condition)?))
    }
}

impl Case {
    /// What is left of the changes, and the batch answer; both without event times, and with a rank of at most `last`.
    fn updating(&self, calls: &[&str], last: Option<u64>) -> Result<(Vec<String>, Vec<String>)> {
        let clause = match self.partition.as_slice() {
            [] => "ORDER BY v DESC, id".to_owned(),
            partition => format!("PARTITION BY {} ORDER BY v DESC, id", partition.join(", ")),
        };
        let query = Query::new(&self.rows, calls, &clause)?;
        let top = last.map(|last| config::Top { rank: config::top::Rank::RowNumber.into(), last });
        let operator = query.operator(names::OVER_UPDATING, &self.rows.schema(), &self.partition, top)?;
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for batch in self.emitted(operator, &self.partition)? {
            let values = batch.num_columns() - 2;
            let changes = batch.column(values).as_primitive::<Int8Type>().clone();
            let rows = rows_of(&batch.project(&(0..values).collect::<Vec<_>>())?)?;
            for (row, change) in rows.into_iter().zip(changes.values()) {
                *counts.entry(row).or_default() += i64::from(*change);
            }
        }
        anyhow::ensure!(counts.values().all(|count| *count >= 0), "a row was retracted that was not there: {counts:?}");
        let left = counts.into_iter().flat_map(|(row, count)| std::iter::repeat_n(row, count as usize)).collect();
        let condition = last.map_or(String::new(), |last| format!("WHERE c0 <= {last}"));
        let sql = format!("SELECT * EXCEPT (_timestamp) FROM ({}) {condition}", query.sql);
        let batches = block_on(async { query.context.sql(&sql).await?.collect().await })??;
        Ok((left, sorted(&batches)?))
    }
}

fn failed(error: &anyhow::Error) -> TestCaseError {
    TestCaseError::fail(format!("{error:#}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_in_order_of_time_equal_batch(case in case(), calls in subsequence(IN_ORDER_OF_TIME.to_vec(), 1..5)) {
        let (streamed, expected) = case.in_order_of_time(&calls, "_timestamp, id").map_err(|error| failed(&error))?;
        prop_assert_eq!(streamed, expected);
    }

    #[test]
    fn peers_and_ranges_of_time_equal_batch(case in case(), calls in subsequence(RANGES.to_vec(), 1..4)) {
        let (streamed, expected) = case.in_order_of_time(&calls, "_timestamp").map_err(|error| failed(&error))?;
        prop_assert_eq!(streamed, expected);
    }

    #[test]
    fn partitions_within_windows_equal_batch(case in case(), calls in subsequence(WHOLE.to_vec(), 1..4)) {
        let (streamed, expected) = case.in_windows(&calls, None).map_err(|error| failed(&error))?;
        prop_assert_eq!(streamed, expected);
    }

    #[test]
    fn updated_results_equal_batch(case in case(), calls in subsequence(WHOLE.to_vec(), 1..4)) {
        let (left, expected) = case.updating(&calls, None).map_err(|error| failed(&error))?;
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn updated_first_rows_equal_batch(case in case(), last in 0u64..4) {
        let (left, expected) = case.updating(&["row_number() OVER ($)"], Some(last)).map_err(|error| failed(&error))?;
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn the_first_rows_of_windows_equal_batch(case in case(), function in 0usize..3, last in 0u64..4) {
        let (call, rank) = [
            ("row_number() OVER ($)", config::top::Rank::RowNumber),
            ("rank() OVER ($)", config::top::Rank::Rank),
            ("dense_rank() OVER ($)", config::top::Rank::DenseRank),
        ][function];
        let (streamed, expected) = case.in_windows(&[call], Some((rank, last))).map_err(|error| failed(&error))?;
        // An operator may let more rows through: the filter above decides.
        let expected: std::collections::BTreeSet<String> = expected.into_iter().collect();
        let streamed: std::collections::BTreeSet<String> = streamed.into_iter().collect();
        prop_assert!(expected.is_subset(&streamed), "{expected:#?} is not in {streamed:#?}");
    }
}
