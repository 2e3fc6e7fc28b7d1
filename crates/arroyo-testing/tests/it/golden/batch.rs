//! The same data and the same SQL in DataFusion, without streams.
//!
//! What means something else in batch (windows) is written out in `NAME.batch.sql`; a file without SQL is a case that batch has no
//! words for.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use arrow::array::RecordBatch;
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arroyo_cases::{Case, Rows};
use arroyo_formats::{Format, FormatOptions, JsonFormat, Serializer};
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

use super::{cases_of, folder};

/// The areas whose cases are asked, with the tables that they have besides those of all areas: name, file, view over it.
const AREAS: [(&str, &[Table]); 6] = [
    (
        "changelogs",
        &[
            ("orders_left", "changelogs/orders_left.ndjson"),
            ("orders", "SELECT *, amount * 2 AS double_amount FROM orders_left"),
        ],
    ),
    ("emit", &[("visits", "visits.ndjson")]),
    ("grouping", &[]),
    ("joins", &[("orders", "orders.ndjson"), ("payments", "payments.ndjson"), ("people", "people.ndjson")]),
    (
        "lookups",
        &[
            ("orders", "orders.ndjson"),
            ("customers", "lookups/customers.ndjson"),
            ("items", "lookups/items.ndjson"),
            ("prices", "lookups/prices.ndjson"),
            ("amounts", "lookups/amounts.ndjson"),
            ("small_amounts", "lookups/small_amounts.ndjson"),
            ("codes", "lookups/codes.ndjson"),
            ("regions", "lookups/regions.ndjson"),
        ],
    ),
    (
        "over",
        &[(
            "totals",
            "SELECT named_struct('start', start, 'end', start + INTERVAL '20 seconds') AS window, bidder, count(*) AS n, \
             sum(price) AS total, max(price) AS best \
             FROM (SELECT date_bin(INTERVAL '20 seconds', at, TIMESTAMP '1970-01-01') AS start, * FROM bids) \
             GROUP BY start, bidder",
        )],
    ),
];

/// A name, and a file with rows or the query of a view.
type Table = (&'static str, &'static str);

#[tokio::test]
async fn answers_are_those_of_batch_sql() {
    let mut failures = Vec::new();
    let mut compared = 0;
    for (area, tables) in AREAS {
        for path in cases_of(area) {
            match check(tables, &path).await {
                Ok(is_asked) => compared += usize::from(is_asked),
                Err(error) => failures.push(format!("{}: {error:#}", path.display())),
            }
        }
    }
    let is_whole = std::env::var_os("ARROYO_CASE").is_none();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(!is_whole || compared > 291, "only {compared} cases were compared");
}

/// Compares a case with batch; whether there was something to ask.
async fn check(tables: &[Table], path: &Path) -> Result<bool> {
    let case = Case::read(path)?;
    let name = path.to_string_lossy().replace(".test.sql", ".batch.sql");
    let instead = std::fs::read_to_string(&name).ok();
    let script = match instead {
        Some(script) => script,
        None => own_sql(path)?,
    };
    let script: String =
        script.lines().filter(|line| !line.starts_with("--")).map(|line| format!("{line}\n")).collect();
    if script.trim().is_empty() {
        return Ok(false);
    }
    let (_, expected) = case.expected.first_key_value().context("it expects nothing")?;
    let mut wanted = keys(&expected.text)?;
    let mut answered = keys(&answer(&context(tables).await?, &script).await?)?;
    if !expected.ordered {
        wanted.sort();
        answered.sort();
    }
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|row| !those.contains(row)).take(3).cloned().collect()
    };
    ensure!(
        wanted == answered,
        "{} rows are expected, batch has {}; only expected: {:?}, only in batch: {:?}",
        wanted.len(),
        answered.len(),
        only(&wanted, &answered),
        only(&answered, &wanted)
    );
    Ok(true)
}

/// The SQL that stands in the case itself, without where its rows go.
fn own_sql(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path)?;
    let sql: Vec<&str> = text
        .lines()
        .skip_while(|line| line.starts_with("--- use"))
        .take_while(|line| !line.starts_with("---"))
        .collect();
    Ok(sql.join("\n").replace("INSERT INTO out", "").replace("INSERT INTO changes", ""))
}

/// The rows of the last statement as the sinks of the cases write them.
async fn answer(context: &SessionContext, script: &str) -> Result<String> {
    let mut rows = Vec::new();
    for statement in script.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        rows = context.sql(statement).await?.collect().await?;
    }
    let mut text = Vec::new();
    for batch in rows.iter().filter(|batch| batch.num_rows() > 0) {
        let batch = plain(batch)?;
        let format = FormatOptions::new(Format::Json(JsonFormat::default()));
        Serializer::new(&format, batch.schema_ref())?.serialize(&batch, &mut text)?;
    }
    Ok(String::from_utf8(text)?)
}

/// The same rows without types that only batch SQL makes.
fn plain(batch: &RecordBatch) -> Result<RecordBatch> {
    let schema = batch.schema();
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (named, column) in schema.fields().iter().zip(batch.columns()) {
        let data_type = match column.data_type() {
            DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
            other => other.clone(),
        };
        columns.push(cast(column, &data_type)?);
        fields.push(Field::new(named.name(), data_type, true));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

/// Rows that mean the same are written the same; the last digits of a float depend on the order of additions.
fn keys(lines: &str) -> Result<Vec<String>> {
    let rows = Rows::of_lines(lines)?;
    rows.0.iter().map(|row| Ok(rounded(serde_json::from_str(&row.key)?).to_string())).collect()
}

fn rounded(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(key, value)| (key, rounded(value))).collect()),
        Value::Array(values) => Value::Array(values.into_iter().map(rounded).collect()),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => Value::from(format!("{float:.9e}")),
            None => Value::Number(number),
        },
        other => other,
    }
}

async fn context(tables: &[Table]) -> Result<SessionContext> {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    for (name, source) in [("bids", "bids.ndjson"), ("sensors", "sensors.ndjson")].iter().chain(tables) {
        if !source.ends_with(".ndjson") {
            context.sql(&format!("CREATE VIEW {name} AS {source}")).await?.collect().await?;
            continue;
        }
        let file = BufReader::new(File::open(folder().join(source))?);
        let reader = arrow::json::ReaderBuilder::new(columns(name)).build(file)?;
        let rows: Vec<RecordBatch> = reader.collect::<Result<_, _>>()?;
        context.register_batch(*name, concat_batches(&columns(name), &rows)?)?;
    }
    Ok(context)
}

/// The columns of a file of rows, all of them nullable.
fn columns(table: &str) -> SchemaRef {
    use DataType::{Boolean, Decimal128, Float64, Int32, Int64, Utf8};
    let time = DataType::Timestamp(TimeUnit::Nanosecond, None);
    let columns: Vec<(&str, DataType)> = match table {
        "bids" => {
            let fields = [("name", Utf8), ("weight", Float64)].map(|(name, of)| Field::new(name, of, true));
            vec![
                ("id", Int64),
                ("auction", Int64),
                ("bidder", Utf8),
                ("price", Int64),
                ("channel", Utf8),
                ("at", time),
                ("tags", DataType::List(Arc::new(Field::new_list_field(Utf8, true)))),
                ("item", DataType::Struct(Fields::from(fields.to_vec()))),
            ]
        }
        "sensors" => {
            vec![("sensor", Utf8), ("at", time), ("celsius", Float64), ("ok", Boolean), ("level", Decimal128(6, 2))]
        }
        "orders" => vec![("id", Int64), ("customer", Utf8), ("item", Utf8), ("amount", Int32), ("at", time)],
        "orders_left" => vec![
            ("id", Int64),
            ("customer", Utf8),
            ("amount", Int64),
            ("placed", DataType::Timestamp(TimeUnit::Millisecond, None)),
        ],
        "payments" => vec![("id", Int64), ("order_id", Int32), ("payer", Utf8), ("amount", Int64), ("at", time)],
        "people" => vec![("name", Utf8), ("city", Utf8), ("age", Int32), ("at", time)],
        "visits" => {
            vec![("id", Int64), ("visitor", Utf8), ("page", Utf8), ("spent", Int64), ("score", Float64), ("at", time)]
        }
        lookup => columns_of_lookup(lookup),
    };
    Arc::new(Schema::new(columns.into_iter().map(|(name, of)| Field::new(name, of, true)).collect::<Vec<_>>()))
}

fn columns_of_lookup(table: &str) -> Vec<(&'static str, DataType)> {
    use DataType::{Boolean, Float64, Int32, Int64, Utf8};
    match table {
        "customers" => vec![("name", Utf8), ("city", Utf8), ("level", Int32)],
        "items" => {
            let fields = [("height", Int32), ("width", Int32)].map(|(name, of)| Field::new(name, of, true));
            vec![
                ("item", Utf8),
                ("label", Utf8),
                ("weight", Float64),
                ("tags", DataType::List(Arc::new(Field::new_list_field(Utf8, true)))),
                ("size", DataType::Struct(Fields::from(fields.to_vec()))),
            ]
        }
        "prices" => vec![("item", Utf8), ("amount", Int32), ("price", Float64), ("valid", Boolean)],
        "amounts" => vec![("amount", Int64), ("word", Utf8)],
        "small_amounts" => vec![("amount", Int32), ("word", Utf8)],
        "codes" => vec![("code", Utf8), ("word", Utf8)],
        _ => vec![("city", Utf8), ("region", Utf8), ("file", Utf8)],
    }
}
