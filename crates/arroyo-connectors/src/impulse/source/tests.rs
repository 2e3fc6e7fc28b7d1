use std::time::Duration;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, TimeUnit, TimestampNanosecondType};
use arroyo_operator::{Connector, OptionValue, TableRequest};

use super::*;
use crate::conformance::{read, run_rescaled};
use crate::test_context::{Globals, NOW, TestContext, context};

fn options(pairs: &[(&str, &str)]) -> BTreeMap<String, OptionValue> {
    pairs.iter().map(|(key, value)| (key.to_string(), OptionValue::Text(value.to_string()))).collect()
}

fn source(pairs: &[(&str, &str)], columns: &[&str]) -> Box<dyn Source> {
    let mut fields: Vec<_> = columns.iter().map(|name| Field::new(*name, DataType::Int64, false)).collect();
    fields.push(Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false));
    let config = SourceConfig {
        table: "impulse".to_string(),
        options: serde_json::Value::Null,
        format: serde_json::Value::Null,
        schema: Arc::new(Schema::new(fields)),
        metadata: Vec::new(),
        filter: serde_json::Value::Null,
        batch_size: 16,
        batch_linger: Duration::ZERO,
    };
    Box::new(ImpulseSource::new(ImpulseOptions::parse(&options(pairs)).unwrap(), config))
}

const FAST: [(&str, &str); 3] = [("event_rate", "1000000"), ("message_count", "100"), ("event_time_interval", "1000")];

#[tokio::test]
async fn counts_to_the_end_in_event_time() {
    let mut impulse = source(&FAST, &["counter", "subtask_index"]);
    let TestContext { mut ctx, .. } = context(impulse.tables(), &Globals::new(), 0, 1);
    impulse.open(&mut ctx).await.unwrap();
    let (batches, ended) = read(impulse.as_mut(), &mut ctx, usize::MAX).await;
    assert!(ended);
    assert!(batches.iter().all(|batch| batch.num_rows() <= 16));
    let counters: Vec<i64> =
        batches.iter().flat_map(|b| b.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    assert_eq!(counters, (0..100).collect::<Vec<i64>>());
    let last = batches.last().unwrap();
    let times = last.column(2).as_primitive::<TimestampNanosecondType>();
    assert_eq!(times.value(times.len() - 1), NOW.nanos() + 99_000);
}

#[tokio::test]
async fn every_event_comes_once_whatever_the_parallelism() {
    let events = run_rescaled(|| source(&FAST, &["subtask_index", "counter"]), &[(2, 1), (3, 2), (1, 3)], 4).await;
    let mut seen: Vec<(i64, i64)> = events
        .iter()
        .flat_map(|batch| {
            let lanes = batch.column(0).as_primitive::<Int64Type>().values().to_vec();
            lanes.into_iter().zip(batch.column(1).as_primitive::<Int64Type>().values().to_vec())
        })
        .collect();
    seen.sort_unstable();
    let expected: Vec<(i64, i64)> = (0..2).flat_map(|lane| (0..100).map(move |counter| (lane, counter))).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn keeps_its_rate() {
    let paced = [("event_rate", "200"), ("message_count", "21")];
    let mut impulse = source(&paced, &[]);
    let TestContext { mut ctx, .. } = context(impulse.tables(), &Globals::new(), 0, 1);
    let started = tokio::time::Instant::now();
    impulse.open(&mut ctx).await.unwrap();
    let (batches, _) = read(impulse.as_mut(), &mut ctx, usize::MAX).await;
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 21);
    assert!(started.elapsed() >= Duration::from_millis(100), "the last of 21 events is due after 100 ms");
}

#[test]
fn options_are_checked_and_described() {
    let validate = |pairs: &[(&str, &str)]| {
        let request =
            TableRequest { name: "t".to_string(), options: options(pairs), role: None, columns: None, format: None };
        crate::impulse::Impulse.validate(&request)
    };
    assert_eq!(validate(&[("event_rate", "100")]).unwrap().description, "Impulse<100 eps>");
    assert_eq!(validate(&FAST).unwrap().description, "BoundedImpulse<1000000 eps>");
    assert!(validate(&[]).unwrap_err()[0].message.contains("`event_rate` is missing"));
    assert!(validate(&[("event_rate", "0")]).unwrap_err()[0].message.contains("more than 0"));
    let interval =
        ImpulseOptions::parse(&options(&[("event_rate", "1"), ("event_time_interval", "2 seconds")])).unwrap();
    assert_eq!(interval.event_time_interval.unwrap().0, 2_000_000_000);
}
