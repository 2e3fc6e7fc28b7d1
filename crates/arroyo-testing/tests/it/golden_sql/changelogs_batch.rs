//! The answers of the changelogs' golden cases are those of DataFusion in batch over the same files.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arroyo_formats::{DebeziumJsonFormat, Format, FormatOptions, JsonFormat, Serializer};
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

/// Cases whose SQL means nothing in batch, and what to ask there instead; an empty text: nothing.
const INSTEAD: &[(&str, &str)] = &[
    ("debezium_window", ""),
    ("row_time", "SELECT channel, max(at) AS last FROM bids GROUP BY channel"),
    ("tumble_of_changes", ""),
    ("hop_of_changes", ""),
    (
        "windows_aggregated_again",
        "SELECT max(n) AS most, count(*) AS windows FROM (SELECT channel, count(*) AS n FROM bids \
         GROUP BY channel, date_bin(INTERVAL '10 seconds', at, TIMESTAMP '1970-01-01')) AS w",
    ),
    (
        "view_read_twice",
        "WITH v AS (SELECT channel, count(*) AS n FROM bids GROUP BY channel) \
         SELECT channel, n FROM v WHERE n > 5 UNION ALL SELECT channel, -n FROM v",
    ),
    ("updating_ttl", "SELECT bidder, count(*) AS n FROM bids GROUP BY bidder"),
];

fn field(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, true)
}

fn time() -> DataType {
    DataType::Timestamp(TimeUnit::Nanosecond, None)
}

fn bids() -> SchemaRef {
    let item = Fields::from(vec![field("name", DataType::Utf8), field("weight", DataType::Float64)]);
    Arc::new(Schema::new(vec![
        field("id", DataType::Int64),
        field("auction", DataType::Int64),
        field("bidder", DataType::Utf8),
        field("price", DataType::Int64),
        field("channel", DataType::Utf8),
        field("at", time()),
        field("tags", DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))),
        field("item", DataType::Struct(item)),
    ]))
}

/// What the changes in `orders_data.ndjson` leave.
fn orders() -> SchemaRef {
    Arc::new(Schema::new(vec![
        field("id", DataType::Int64),
        field("customer", DataType::Utf8),
        field("amount", DataType::Int64),
        field("placed", DataType::Timestamp(TimeUnit::Millisecond, None)),
    ]))
}

fn sensors() -> SchemaRef {
    Arc::new(Schema::new(vec![
        field("sensor", DataType::Utf8),
        field("at", time()),
        field("celsius", DataType::Float64),
        field("ok", DataType::Boolean),
        field("level", DataType::Decimal128(6, 2)),
    ]))
}

fn visits() -> SchemaRef {
    Arc::new(Schema::new(vec![
        field("id", DataType::Int64),
        field("visitor", DataType::Utf8),
        field("page", DataType::Utf8),
        field("spent", DataType::Int64),
        field("score", DataType::Float64),
        field("at", time()),
    ]))
}

pub(super) async fn context() -> SessionContext {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let open = |name: &str| BufReader::new(File::open(super::folder().join(name)).unwrap());
    let json = arrow::json::ReaderBuilder::new(bids()).build(open("bids.ndjson")).unwrap();
    let rows: Vec<RecordBatch> = json.collect::<Result<_, _>>().unwrap();
    context.register_batch("bids", concat_batches(&bids(), &rows).unwrap()).unwrap();
    let json = arrow::json::ReaderBuilder::new(orders()).build(open("changelogs/orders_left.ndjson")).unwrap();
    let rows: Vec<RecordBatch> = json.collect::<Result<_, _>>().unwrap();
    context.register_batch("orders_left", concat_batches(&orders(), &rows).unwrap()).unwrap();
    let view = "CREATE VIEW orders AS SELECT *, amount * 2 AS double_amount FROM orders_left";
    context.sql(view).await.unwrap().collect().await.unwrap();
    let json = arrow::json::ReaderBuilder::new(visits()).build(open("emit/visits.ndjson")).unwrap();
    let rows: Vec<RecordBatch> = json.collect::<Result<_, _>>().unwrap();
    context.register_batch("visits", concat_batches(&visits(), &rows).unwrap()).unwrap();
    let csv = arrow::csv::ReaderBuilder::new(sensors()).with_header(true).build(open("sensors.csv")).unwrap();
    let rows: Vec<RecordBatch> = csv.collect::<Result<_, _>>().unwrap();
    context.register_batch("sensors", concat_batches(&sensors(), &rows).unwrap()).unwrap();
    context
}

/// The same rows without types that only batch SQL makes.
fn plain(batch: &RecordBatch) -> RecordBatch {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns()).map(|(named, column)| {
        let data_type = match column.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            other => other.clone(),
        };
        (field(named.name(), data_type.clone()), cast(column, &data_type).unwrap())
    });
    let (fields, columns): (Vec<Field>, Vec<_>) = columns.unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// Rows as the sink of the cases writes them.
pub(super) async fn answer(context: &SessionContext, sql: &str, is_changelog: bool) -> Vec<String> {
    let result = context.sql(sql).await.unwrap();
    let json = if is_changelog { DebeziumJsonFormat::default().json() } else { JsonFormat::default() };
    let format = Format::Json(json);
    let mut text = Vec::new();
    for batch in result.collect().await.unwrap() {
        let batch = plain(&batch);
        let serializer = Serializer::new(&FormatOptions::new(format.clone()), batch.schema_ref()).unwrap();
        serializer.serialize(&batch, &mut text).unwrap();
    }
    sorted(&String::from_utf8(text).unwrap())
}

pub(super) fn sorted(lines: &str) -> Vec<String> {
    let value = |line: &str| serde_json::from_str::<Value>(line).unwrap().to_string();
    let mut lines: Vec<String> = lines.lines().map(value).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn answers_are_those_of_batch_sql() {
    let folder = super::folder().join("changelogs");
    let instead: HashMap<&str, &str> = INSTEAD.iter().copied().collect();
    let context = context().await;
    let mut differences = Vec::new();
    let mut compared = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "sql") || name == "tables" {
            continue;
        }
        let written = std::fs::read_to_string(&path).unwrap().replace("INSERT INTO changes", "");
        let sql = instead.get(name.as_str()).copied().unwrap_or(written.trim().trim_end_matches(';'));
        if sql.is_empty() {
            continue;
        }
        compared += 1;
        let expected = answer(&context, sql, true).await;
        let golden = sorted(&std::fs::read_to_string(folder.join(format!("{name}.ndjson"))).unwrap());
        if golden != expected {
            differences.push(format!("{name}:\n  golden {golden:?}\n  batch  {expected:?}"));
        }
    }
    assert!(compared > 50, "only {compared} cases were compared");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
