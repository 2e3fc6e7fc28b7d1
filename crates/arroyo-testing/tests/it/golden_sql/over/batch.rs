//! The same data and the same SQL in DataFusion, without streams.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

use crate::golden_sql::folder;

/// What `tables.sql` of the area defines for streams.
const VIEWS: &[&str] = &["CREATE VIEW totals AS
     SELECT named_struct('start', start, 'end', start + INTERVAL '20 seconds') AS window,
            bidder, count(*) AS n, sum(price) AS total, max(price) AS best
     FROM (SELECT date_bin(INTERVAL '20 seconds', at, TIMESTAMP '1970-01-01') AS start, * FROM bids)
     GROUP BY start, bidder"];

/// Runs every case of the area in batch, and compares with its golden answer.
pub(crate) async fn check(area: &str) {
    let context = context().await;
    let mut differences = Vec::new();
    for entry in std::fs::read_dir(folder().join(area)).unwrap() {
        let path = entry.unwrap().path();
        let is_case = path.extension().is_some_and(|extension| extension == "sql") && !path.ends_with("tables.sql");
        if !is_case {
            continue;
        }
        let found = answer(&context, &path).await.map(|mut lines| {
            lines.sort();
            lines
        });
        let golden = std::fs::read_to_string(path.with_extension("ndjson")).unwrap();
        let mut golden = normal_lines(&golden);
        golden.sort();
        if found.as_ref() != Ok(&golden) {
            differences.push(format!("{}\nbatch: {found:#?}\ngolden: {golden:#?}", path.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The answer of a case, in the order of its ORDER BY.
pub(crate) async fn in_order(area: &str, name: &str) -> Vec<String> {
    answer(&context().await, &folder().join(area).join(name).with_extension("sql")).await.unwrap()
}

async fn answer(context: &SessionContext, case: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(case).unwrap();
    let (_insert, query) = text.split_once('\n').unwrap();
    let frame = context.sql(query.trim().trim_end_matches(';')).await.map_err(|error| error.to_string())?;
    let batches = frame.collect().await.map_err(|error| error.to_string())?;
    let mut writer = arrow::json::LineDelimitedWriter::new(Vec::new());
    writer.write_batches(&batches.iter().collect::<Vec<_>>()).unwrap();
    writer.finish().unwrap();
    Ok(normal_lines(&String::from_utf8(writer.into_inner()).unwrap()))
}

async fn context() -> SessionContext {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let number = |name: &str| Field::new(name, DataType::Int64, true);
    let at = || Field::new("at", DataType::Timestamp(TimeUnit::Nanosecond, None), false);
    let bids =
        Schema::new(vec![number("id"), number("auction"), text("bidder"), number("price"), text("channel"), at()]);
    let open = |name: &str| BufReader::new(File::open(folder().join(name)).unwrap());
    let reader = arrow::json::ReaderBuilder::new(Arc::new(bids)).build(open("bids.ndjson")).unwrap();
    for batch in reader {
        context.register_batch("bids", batch.unwrap()).unwrap();
    }
    let sensors = Schema::new(vec![
        text("sensor"),
        at(),
        Field::new("celsius", DataType::Float64, true),
        Field::new("ok", DataType::Boolean, true),
        Field::new("level", DataType::Decimal128(6, 2), true),
    ]);
    let reader =
        arrow::csv::ReaderBuilder::new(Arc::new(sensors)).with_header(true).build(open("sensors.csv")).unwrap();
    for batch in reader {
        context.register_batch("sensors", batch.unwrap()).unwrap();
    }
    for view in VIEWS {
        context.sql(view).await.unwrap().collect().await.unwrap();
    }
    context
}

/// Rows as JSON, written the same way whoever wrote them.
pub(crate) fn normal_lines(text: &str) -> Vec<String> {
    text.lines().map(normal).collect()
}

/// Without nulls, which some writers leave out, and without the noise of floats.
fn normal(line: &str) -> String {
    fn simple(value: Value) -> Value {
        match value {
            Value::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(key, value)| (key, simple(value)))
                    .collect(),
            ),
            Value::Number(number) if number.is_f64() => Value::from(format!("{:.9e}", number.as_f64().unwrap())),
            other => other,
        }
    }
    simple(serde_json::from_str(line).unwrap()).to_string()
}
