//! Late rows, the ends of time, pauses, lists.

use std::sync::Arc;

use anyhow::Result;
use arrow::array::{ArrayRef, Int64Array, ListArray, RecordBatch, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit};
use arroyo_dataflow::{Operator, encode_schema, names, operators as config};
use arroyo_expr::encode;
use arroyo_operator::Watermark;
use arroyo_storage::Storage;
use arroyo_testing::{AggregateQuery, OperatorStage, WindowKind, rows_of};
use arroyo_types::EventTime;
use datafusion::prelude::{col, lit};
use prost::Message;

fn rows(values: &[(i64, i64)]) -> RecordBatch {
    let columns: [(&str, ArrayRef); 2] = [
        ("v", Arc::new(values.iter().map(|(value, _)| *value).collect::<Int64Array>())),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from_iter_values(values.iter().map(|(_, time)| *time)))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn stage(operator: Operator, input: SchemaRef, name: &str) -> OperatorStage {
    OperatorStage::new(operator, vec![input], 1, Storage::open(&format!("memory://edges-{name}")).unwrap()).unwrap()
}

fn operator(name: &str, config: &impl Message) -> Operator {
    Operator { id: name.into(), name: name.into(), description: name.into(), config: config.encode_to_vec() }
}

fn at(nanos: i64) -> Watermark {
    Watermark::At(EventTime::from_nanos(nanos))
}

fn emitted(stage: &mut OperatorStage) -> Vec<String> {
    stage.take_batches().iter().flat_map(|batch| rows_of(batch).unwrap()).collect()
}

/// Feeds raw rows through both halves of a tumbling sum.
fn tumble(width: i64, name: &str) -> (OperatorStage, OperatorStage) {
    let query = AggregateQuery::new(&rows(&[]).schema(), &[], &["sum(v)"]).unwrap();
    let (partial, total) = query.window(WindowKind::Hop { width, slide: width, offset: 0 }).unwrap();
    let partial = stage(partial, rows(&[]).schema(), &format!("{name}-partial"));
    (partial, stage(total, query.partial_schema().unwrap(), name))
}

fn feed(
    partial: &mut OperatorStage,
    total: &mut OperatorStage,
    batch: RecordBatch,
    watermark: Watermark,
) -> Result<()> {
    partial.process(0, batch)?;
    partial.checkpoint()?;
    for batch in partial.take_batches() {
        total.process(0, batch)?;
    }
    total.watermark(watermark)
}

#[test]
fn rows_of_windows_that_are_over_are_dropped_and_counted() {
    let (mut partial, mut total) = tumble(10, "late");
    feed(&mut partial, &mut total, rows(&[(1, 3), (2, 12)]), at(10)).unwrap();
    assert_eq!(emitted(&mut total), ["0|10|1|"]);
    feed(&mut partial, &mut total, rows(&[(100, 9), (4, 10)]), at(15)).unwrap();
    assert_eq!((emitted(&mut total), total.late_rows()), (vec![], 1));
    total.checkpoint().unwrap();
    total.restart(1).unwrap();
    feed(&mut partial, &mut total, rows(&[(100, 9)]), at(20)).unwrap();
    assert_eq!(emitted(&mut total), ["10|20|6|"]);
    assert_eq!(total.late_rows(), 2, "late rows are judged the same after a restore");
}

#[test]
fn the_ends_of_time_are_no_special_case() {
    let (mut partial, mut total) = tumble(10, "ends");
    feed(&mut partial, &mut total, rows(&[(1, i64::MIN), (2, 0), (3, i64::MAX)]), at(i64::MIN)).unwrap();
    total.checkpoint().unwrap();
    total.restart(1).unwrap();
    feed(&mut partial, &mut total, rows(&[]), at(i64::MAX)).unwrap();
    let sums: Vec<String> = emitted(&mut total).iter().map(|row| row.split('|').nth(2).unwrap().to_string()).collect();
    assert_eq!(sums, ["1", "2", "3"]);

    let query = AggregateQuery::new(&rows(&[]).schema(), &["v"], &["count(*)"]).unwrap();
    let mut sessions = stage(query.session(5).unwrap(), rows(&[]).schema(), "session-ends");
    sessions.process(0, rows(&[(1, i64::MIN), (1, 0), (1, i64::MAX), (1, i64::MAX - 3)])).unwrap();
    sessions.watermark(at(i64::MAX)).unwrap();
    assert_eq!(sessions.take_batches().iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
}

#[test]
fn sessions_drop_rows_before_the_watermark_and_close_after_their_end() {
    let query = AggregateQuery::new(&rows(&[]).schema(), &[], &["sum(v)"]).unwrap();
    let mut sessions = stage(query.session(5).unwrap(), rows(&[]).schema(), "session-late");
    sessions.process(0, rows(&[(1, 1), (2, 4)])).unwrap();
    sessions.watermark(at(9)).unwrap();
    assert!(emitted(&mut sessions).is_empty(), "a row at 9 still belongs to it");
    sessions.process(0, rows(&[(4, 9), (100, 8)])).unwrap();
    sessions.watermark(at(15)).unwrap();
    assert_eq!((emitted(&mut sessions), sessions.late_rows()), (vec!["1|14|7|".to_string()], 1));
}

#[test]
fn watermarks_never_go_back_and_survive_a_restore() {
    let expr =
        encode(&(col("_timestamp") - lit(datafusion::common::ScalarValue::DurationNanosecond(Some(2))))).unwrap();
    let config = config::Watermark { expr, idle_nanos: 0 };
    let mut stage = stage(operator(names::WATERMARK, &config), rows(&[]).schema(), "watermark");
    for times in [[5, 3], [4, 4], [9, 1]] {
        stage.process(0, rows(&[(0, times[0]), (0, times[1])])).unwrap();
    }
    assert_eq!(stage.output.watermarks, [at(3), at(7)]);
    stage.checkpoint().unwrap();
    stage.restart(1).unwrap();
    stage.process(0, rows(&[(0, 4)])).unwrap();
    stage.watermark(Watermark::Idle).unwrap();
    stage.process(0, rows(&[(0, 4)])).unwrap();
    stage.watermark(at(i64::MAX)).unwrap();
    let expected = [at(3), at(7), at(7), Watermark::Idle, at(7), at(i64::MAX)];
    assert_eq!(stage.output.watermarks, expected);
}

#[test]
fn lists_are_read_in_parallel() {
    let lists = |values: Vec<Option<Vec<Option<i64>>>>| ListArray::from_iter_primitive::<Int64Type, _, _>(values);
    let columns: [(&str, ArrayRef); 3] = [
        ("a", Arc::new(lists(vec![Some(vec![Some(1), Some(2)]), None, Some(vec![]), Some(vec![Some(3)])]))),
        ("b", Arc::new(lists(vec![Some(vec![Some(4)]), Some(vec![Some(5)]), None, Some(vec![])]))),
        ("_timestamp", Arc::new(TimestampNanosecondArray::from(vec![1, 2, 3, 4]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let schema = Schema::new(vec![
        Field::new("a", DataType::Int64, true),
        Field::new("b", DataType::Int64, true),
        Field::new("_timestamp", DataType::Timestamp(TimeUnit::Nanosecond, None), false),
    ]);
    let config = config::Unnest { columns: vec![0, 1], schema: encode_schema(&schema).unwrap(), outer: false };
    let mut stage = stage(operator(names::UNNEST, &config), batch.schema(), "unnest");
    stage.process(0, batch).unwrap();
    assert_eq!(emitted(&mut stage), ["1|4|", "2|NULL|", "NULL|5|", "3|NULL|"]);
}
