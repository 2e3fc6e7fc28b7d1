//! The answers of the joins' golden cases are those of DataFusion in batch over the same files.
//!
//! A case whose SQL means something else in batch (windows) has it written out in `sql/joins/batch/NAME.sql`.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::json::writer::LineDelimited;
use arrow::json::{ReaderBuilder, WriterBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

/// Cases that batch SQL cannot express: sessions and overlapping windows.
const WITHOUT: &[&str] = &["asof_then_group", "interval_then_window", "session_same_window", "hop_left"];

pub(super) fn columns(table: &str) -> SchemaRef {
    let columns: &[(&str, DataType)] = match table {
        "orders" => &[
            ("id", DataType::Int64),
            ("customer", DataType::Utf8),
            ("item", DataType::Utf8),
            ("amount", DataType::Int32),
        ],
        "payments" => &[
            ("id", DataType::Int64),
            ("order_id", DataType::Int32),
            ("payer", DataType::Utf8),
            ("amount", DataType::Int64),
        ],
        _ => &[("name", DataType::Utf8), ("city", DataType::Utf8), ("age", DataType::Int32)],
    };
    let nullable = |name: &str| name != "id" && name != "at";
    let fields = columns.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), nullable(name)));
    let at = Field::new("at", DataType::Timestamp(TimeUnit::Nanosecond, None), false);
    Arc::new(Schema::new(fields.chain([at]).collect::<Vec<_>>()))
}

fn context(folder: &std::path::Path) -> SessionContext {
    let context = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(1));
    for table in ["orders", "payments", "people"] {
        let file = BufReader::new(File::open(folder.join(format!("{table}.ndjson"))).unwrap());
        let rows: Vec<RecordBatch> =
            ReaderBuilder::new(columns(table)).build(file).unwrap().collect::<Result<_, _>>().unwrap();
        let rows = arrow::compute::concat_batches(&columns(table), &rows).unwrap();
        context.register_batch(table, rows).unwrap();
    }
    context
}

async fn answer(context: &SessionContext, script: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for statement in script.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        let result = context.sql(statement).await.map_err(|error| format!("{statement}: {error}")).unwrap();
        rows = result.collect().await.map_err(|error| format!("{statement}: {error}")).unwrap();
    }
    let mut text = Vec::new();
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut text);
    writer.write_batches(&rows.iter().collect::<Vec<_>>()).unwrap();
    writer.finish().unwrap();
    sorted(&String::from_utf8(text).unwrap())
}

fn sorted(lines: &str) -> Vec<String> {
    let value = |line: &str| serde_json::from_str::<Value>(line).unwrap().to_string();
    let mut lines: Vec<String> = lines.lines().map(value).collect();
    lines.sort();
    lines
}

/// The cases of an area by name.
pub(super) fn cases(area: &str) -> Vec<(String, PathBuf)> {
    let files = std::fs::read_dir(super::folder().join(area)).unwrap().map(|entry| entry.unwrap().path());
    let scripts = files.filter(|path| path.extension().is_some_and(|extension| extension == "sql"));
    let named = scripts.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), path));
    named.filter(|(name, _)| name != "tables").collect()
}

/// How the golden answer of a case differs from what batch SQL says.
pub(super) async fn difference(context: &SessionContext, area: &str, name: &str, path: &Path) -> Option<String> {
    let folder = super::folder().join(area);
    let written_out = folder.join("batch").join(format!("{name}.sql"));
    let script = std::fs::read_to_string(if written_out.exists() { &written_out } else { path }).unwrap();
    let script = script.replace("INSERT INTO out", "").replace("INSERT INTO changes", "");
    let expected = answer(context, &script).await;
    let golden = sorted(&std::fs::read_to_string(folder.join(format!("{name}.ndjson"))).unwrap());
    if golden == expected {
        return None;
    }
    let missing: Vec<_> = expected.iter().filter(|row| !golden.contains(row)).take(3).collect();
    let surplus: Vec<_> = golden.iter().filter(|row| !expected.contains(row)).take(3).collect();
    let (golden, expected) = (golden.len(), expected.len());
    Some(format!("{name}: {golden} rows instead of {expected}; missing {missing:?}, too much {surplus:?}"))
}

#[tokio::test]
async fn answers_are_those_of_batch_sql() {
    let folder = super::folder();
    let mut differences = Vec::new();
    let cases: Vec<_> = cases("joins").into_iter().filter(|(name, _)| !WITHOUT.contains(&name.as_str())).collect();
    assert!(cases.len() > 50, "there are {} cases", cases.len());
    for (name, path) in cases {
        differences.extend(difference(&context(&folder), "joins", &name, &path).await);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
