//! What windows emit and when, whose results are corrected; and which rows are late for them.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StructArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Int8Type, Int64Type, SchemaRef};
use arroyo_dataflow::{Operator, decode_schema, encode_schema, names, operators as config};
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{OperatorStage, plan};
use arroyo_types::EventTime;
use prost::Message;

const SECOND: i64 = 1_000_000_000;

fn at(seconds: i64) -> Watermark {
    Watermark::At(EventTime::from_nanos(seconds * SECOND))
}

fn times(seconds: &[i64]) -> ArrayRef {
    Arc::new(TimestampNanosecondArray::from_iter_values(seconds.iter().map(|second| second * SECOND)))
}

fn stage(operator: Operator, input: SchemaRef, name: &str) -> OperatorStage {
    OperatorStage::new(operator, vec![input], 1, Storage::open(&format!("memory://corrections-{name}")).unwrap())
        .unwrap()
}

/// The operator with this name in the plan of a query over `t`.
fn planned(query: &str, name: &str) -> Operator {
    let script = format!(
        "CREATE TABLE t (v BIGINT, at TIMESTAMP NOT NULL, WATERMARK FOR at) \
         WITH (connector = 'single_file', path = '/tmp/t', type = 'source', format = 'json'); \
         CREATE TABLE s WITH (connector = 'single_file', path = '/tmp/s', type = 'sink', format = 'debezium_json'); \
         INSERT INTO s {query};"
    );
    let program = plan(&script, 1).unwrap();
    let mut operators = program.nodes.iter().flat_map(|node| &node.chain);
    operators.find(|operator| operator.name == name).cloned().unwrap()
}

fn rows(seconds: &[i64]) -> RecordBatch {
    let values: ArrayRef = Arc::new(Int64Array::from_iter_values(0..seconds.len() as i64));
    RecordBatch::try_from_iter([("v", values), ("_timestamp", times(seconds))]).unwrap()
}

fn late_rows(mark: bool, lateness: i64) -> OperatorStage {
    let input = rows(&[]).schema();
    let marked = RecordBatch::try_from_iter([
        ("v", Arc::new(Int64Array::from(Vec::<i64>::new())) as ArrayRef),
        ("_late", Arc::new(BooleanArray::from(Vec::<bool>::new()))),
        ("_timestamp", times(&[])),
    ]);
    let schema = if mark { marked.unwrap().schema() } else { Arc::clone(&input) };
    let config = config::LateRows {
        width_nanos: 10 * SECOND,
        slide_nanos: 10 * SECOND,
        offset_nanos: 0,
        cumulate: false,
        session: false,
        lateness_nanos: lateness * SECOND,
        mark,
        schema: encode_schema(&schema).unwrap(),
    };
    let name = names::LATE_ROWS;
    let operator =
        Operator { id: name.into(), name: name.into(), description: name.into(), config: config.encode_to_vec() };
    stage(operator, input, &format!("late-{mark}-{lateness}"))
}

#[test]
fn rows_are_late_when_all_their_windows_are_over() {
    let mut stage = late_rows(false, 5);
    stage.process(0, rows(&[1, 12])).unwrap();
    stage.watermark(at(14)).unwrap();
    stage.process(0, rows(&[3])).unwrap();
    stage.watermark(at(15)).unwrap();
    stage.process(0, rows(&[4, 10, 9])).unwrap();
    let passed: Vec<usize> = stage.take_batches().iter().map(RecordBatch::num_rows).collect();
    assert_eq!((passed, stage.late_rows()), (vec![2, 1, 1], 2));
    stage.checkpoint().unwrap();
    stage.restart(2).unwrap();
    stage.process(1, rows(&[9, 11])).unwrap();
    assert_eq!(stage.take_batches().iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
    assert_eq!(stage.late_rows(), 3, "late rows are judged the same after a restore");
}

#[test]
fn marked_rows_all_pass() {
    let mut stage = late_rows(true, 0);
    stage.watermark(at(10)).unwrap();
    stage.process(0, rows(&[9, 10, 3])).unwrap();
    let marks: Vec<BooleanArray> =
        stage.take_batches().iter().map(|batch| batch["_late"].as_boolean().clone()).collect();
    assert_eq!(marks, [BooleanArray::from(vec![true, false, true])]);
}

/// Counts rows in tumbling windows of ten seconds, through both halves.
struct Counts {
    partial: OperatorStage,
    windows: OperatorStage,
    input: SchemaRef,
}

impl Counts {
    fn new(clauses: &str, name: &str) -> Self {
        let query =
            format!("SELECT tumble(INTERVAL '10 seconds') AS window, count(*) AS n FROM t GROUP BY 1 {clauses}");
        let operator = planned(&query, names::UPDATING_PARTIAL);
        let config = config::UpdatingAggregate::decode(operator.config.as_slice()).unwrap();
        let input = decode_schema(&config.input_schema).unwrap();
        let mut partial = stage(operator, Arc::clone(&input), &format!("{name}-partial"));
        partial.process(0, Self::batch(&input, &[0])).unwrap();
        partial.checkpoint().unwrap();
        let schema = partial.take_batches()[0].schema();
        Self { partial, windows: stage(planned(&query, names::UPDATING_WINDOWS), schema, name), input }
    }

    /// Rows of the windows that start at `seconds`.
    fn batch(input: &SchemaRef, seconds: &[i64]) -> RecordBatch {
        let ends: Vec<i64> = seconds.iter().map(|start| start + 10).collect();
        let columns = input.fields().iter().map(|field| match field.data_type() {
            DataType::Struct(bounds) => {
                Arc::new(StructArray::new(bounds.clone(), vec![times(seconds), times(&ends)], None)) as ArrayRef
            }
            DataType::Timestamp(..) => {
                Arc::new(TimestampNanosecondArray::from_iter_values(ends.iter().map(|end| end * SECOND - 1)))
            }
            _ => arrow::array::new_null_array(field.data_type(), seconds.len()),
        });
        RecordBatch::try_new(Arc::clone(input), columns.collect()).unwrap()
    }

    fn add(&mut self, seconds: &[i64]) {
        self.partial.process(0, Self::batch(&self.input, seconds)).unwrap();
        self.partial.checkpoint().unwrap();
        for batch in self.partial.take_batches() {
            self.windows.process(0, batch).unwrap();
        }
    }

    /// What was emitted: the window's start, the count, the sign.
    fn emitted(&mut self) -> Vec<(i64, i64, i8)> {
        let batches = self.windows.take_batches();
        let rows = batches.iter().flat_map(|batch| {
            let starts: TimestampNanosecondArray = batch.column(0).as_struct().column(0).as_primitive().clone();
            let counts = batch.column(1).as_primitive::<Int64Type>().clone();
            let signs = batch.column(2).as_primitive::<Int8Type>().clone();
            (0..batch.num_rows()).map(move |row| (starts.value(row) / SECOND, counts.value(row), signs.value(row)))
        });
        rows.collect()
    }
}

#[test]
fn early_results_are_replaced_and_unchanged_ones_not_repeated() {
    let mut counts = Counts::new("EMIT EVERY INTERVAL '1 hour'", "early");
    counts.add(&[0, 0, 10]);
    assert_eq!(counts.emitted(), []);
    counts.windows.tick().unwrap();
    assert_eq!(counts.emitted(), [(0, 2, 1), (10, 1, 1)]);
    counts.add(&[0]);
    counts.windows.checkpoint().unwrap();
    assert_eq!(counts.emitted(), [], "a barrier emits nothing");
    counts.windows.restart(1).unwrap();
    counts.windows.watermark(at(10)).unwrap();
    assert_eq!(counts.emitted(), [(0, 2, -1), (0, 3, 1)]);
    counts.windows.tick().unwrap();
    counts.windows.watermark(at(20)).unwrap();
    assert_eq!(counts.emitted(), []);
}

#[test]
fn late_rows_correct_a_result_until_the_window_is_forgotten() {
    let mut counts = Counts::new("ALLOW LATENESS INTERVAL '5 seconds'", "lateness");
    counts.add(&[0, 10]);
    counts.windows.tick().unwrap();
    assert_eq!(counts.emitted(), [], "open windows have no results");
    counts.windows.watermark(at(12)).unwrap();
    assert_eq!(counts.emitted(), [(0, 1, 1)]);
    counts.add(&[0]);
    counts.windows.watermark(at(13)).unwrap();
    assert_eq!(counts.emitted(), []);
    counts.windows.tick().unwrap();
    assert_eq!(counts.emitted(), [(0, 1, -1), (0, 2, 1)]);
    counts.add(&[0, 0]);
    counts.windows.watermark(at(15)).unwrap();
    assert_eq!(counts.emitted(), [(0, 2, -1), (0, 4, 1)], "the last rows are not forgotten with the window");
    counts.windows.checkpoint().unwrap();
    counts.windows.restart(1).unwrap();
    counts.add(&[0]);
    counts.windows.watermark(at(30)).unwrap();
    assert_eq!(counts.emitted(), [(10, 1, 1)]);
}
