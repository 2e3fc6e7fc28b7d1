use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit, TimestampNanosecondType};
use arrow::util::pretty::pretty_format_batches;
use arroyo_operator::OptionValue;
use arroyo_types::TIMESTAMP_FIELD;

use super::*;
use crate::conformance::{read, run_rescaled};
use crate::test_context::{Globals, TestContext, context};

fn schema(columns: Vec<Field>) -> SchemaRef {
    let time = Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false);
    Arc::new(Schema::new(columns.into_iter().chain([time]).collect::<Vec<_>>()))
}

fn whole() -> SchemaRef {
    schema(columns::schema().fields().iter().map(|field| field.as_ref().clone()).collect())
}

fn options(pairs: &[(&str, &str)]) -> Result<NexmarkOptions, Vec<arroyo_operator::OptionError>> {
    let options: BTreeMap<_, _> =
        pairs.iter().map(|(key, value)| (key.to_string(), OptionValue::Text(value.to_string()))).collect();
    NexmarkOptions::parse(&options)
}

fn source(pairs: &[(&str, &str)], schema: &SchemaRef) -> Box<dyn Source> {
    let config = SourceConfig {
        table: "nexmark".to_string(),
        options: serde_json::Value::Null,
        format: serde_json::Value::Null,
        schema: schema.clone(),
        metadata: Vec::new(),
        filter: serde_json::Value::Null,
        batch_size: 64,
        batch_linger: Duration::ZERO,
    };
    Box::new(NexmarkSource::new(options(pairs).unwrap(), config))
}

async fn run(pairs: &[(&str, &str)], schema: &SchemaRef) -> RecordBatch {
    let mut source = source(pairs, schema);
    let TestContext { mut ctx, .. } = context(source.tables(), &Globals::new(), 0, 1);
    source.open(&mut ctx).await.unwrap();
    let (batches, ended) = read(source.as_mut(), &mut ctx, usize::MAX).await;
    assert!(ended);
    concat_batches(schema, &batches).unwrap()
}

fn lines(batches: &[RecordBatch]) -> Vec<String> {
    let table = pretty_format_batches(batches).unwrap().to_string();
    let mut lines: Vec<String> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    lines.sort();
    lines
}

const THOUSAND: [(&str, &str); 2] = [("event_count", "1000"), ("start_time", "2024-01-01T00:00:00Z")];

#[tokio::test]
async fn the_same_events_come_at_any_parallelism() {
    let undisturbed = lines(&[run(&THOUSAND, &whole()).await]);
    assert_eq!(undisturbed.len(), 1000 + 4);
    let steps = [(3, 1), (1, 2), (4, 1)];
    let rescaled = run_rescaled(|| source(&THOUSAND, &whole()), &steps, 2).await;
    let rescaled = concat_batches(&whole(), &rescaled).unwrap();
    assert_eq!(lines(&[rescaled]), undisturbed);
}

#[tokio::test]
async fn each_row_is_one_thing_in_the_benchmarks_proportions() {
    let batch = run(&THOUSAND, &whole()).await;
    let count = |column: usize| batch.num_rows() - batch.column(column).null_count();
    assert_eq!((count(0), count(1), count(2)), (20, 60, 920));
    for row in 0..batch.num_rows() {
        assert_eq!((0..3).filter(|column| batch.column(*column).is_valid(row)).count(), 1);
    }
}

#[tokio::test]
async fn another_seed_is_another_auction() {
    let other: Vec<_> = THOUSAND.into_iter().chain([("seed", "1")]).collect();
    assert_ne!(run(&THOUSAND, &whole()).await, run(&other, &whole()).await);
}

#[tokio::test]
async fn only_what_is_asked_for_is_there() {
    let price = Field::new("price", DataType::Int64, false);
    let auction = Field::new("auction", DataType::Int64, false);
    let bid = Field::new("bid", DataType::Struct(vec![price, auction].into()), true);
    let person = Field::new("person", DataType::Struct(Default::default()), true);
    let pruned = run(&THOUSAND, &schema(vec![bid, person])).await;
    let all = run(&THOUSAND, &whole()).await;
    let (pruned_bid, all_bid) = (pruned.column(0).as_struct(), all.column(2).as_struct());
    for field in ["price", "auction"] {
        assert_eq!(pruned_bid.column_by_name(field).unwrap(), all_bid.column_by_name(field).unwrap());
    }
    assert_eq!(pruned.column(1).null_count(), 980);
}

#[tokio::test]
async fn time_advances_with_a_bounded_disorder() {
    let batch = run(&THOUSAND, &schema(Vec::new())).await;
    let times = batch.column(0).as_primitive::<TimestampNanosecondType>().values();
    let group = 50 * 100_000;
    let mut latest = i64::MIN;
    let mut late = 0;
    for time in times {
        assert!(*time > latest.saturating_sub(group));
        late += usize::from(*time < latest);
        latest = latest.max(*time);
    }
    assert!(late > 100, "{late} events are out of order");
}

#[tokio::test]
async fn hot_sellers_sell_most() {
    let seller = Field::new("seller", DataType::Int64, false);
    let auction = Field::new("auction", DataType::Struct(vec![seller].into()), true);
    let batch = run(&[("event_count", "100000")], &schema(vec![auction])).await;
    let auctions = batch.column(0).as_struct();
    let sellers = auctions.column(0).as_primitive::<Int64Type>();
    let sold: Vec<i64> =
        (0..sellers.len()).filter(|row| auctions.is_valid(*row)).map(|row| sellers.value(row)).collect();
    let hot = sold.iter().filter(|seller| (*seller - 1000) % 100 == 0).count() as f64 / sold.len() as f64;
    assert!((0.75..0.78).contains(&hot), "{hot}");
}

#[test]
fn options_are_checked_and_described() {
    assert_eq!(options(&[]).unwrap().description(), "Nexmark");
    assert_eq!(options(&[("event_rate", "100")]).unwrap().description(), "Nexmark<100 eps>");
    let timed = options(&[("event_rate", "100"), ("runtime", "2.5")]).unwrap();
    assert_eq!((timed.bound(), timed.description()), (Some(250), "BoundedNexmark<100 eps>".to_string()));
    assert_eq!(options(&[("message_count", "7")]).unwrap().bound(), Some(7));
    let messages = |pairs: &[(&str, &str)]| {
        options(pairs).unwrap_err().into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(
        messages(&[("event_rate", "-1"), ("start_time", "soon"), ("event_count", "1"), ("message_count", "1")]),
        "`event_rate` is more than 0, not `-1`; `event_count` and `message_count` are the same option; \
         `start_time` is a time, not `soon`"
    );
}
