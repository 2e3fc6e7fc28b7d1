use std::sync::{Arc, Mutex};

use arrow::array::{ArrayRef, Int64Array, StringArray, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use arroyo_operator::{Connector, OptionValue, TableRequest};
use arroyo_types::TIMESTAMP_FIELD;
use serde_json::json;

use super::*;
use crate::test_context::{Globals, TestContext, context};

fn batch(rows: &[(i64, Option<&str>)]) -> RecordBatch {
    let fields = vec![
        Field::new("id", DataType::Int64, false),
        Field::new("name", DataType::Utf8, true),
        Field::new(TIMESTAMP_FIELD, DataType::Timestamp(TimeUnit::Nanosecond, None), false),
    ];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|(id, _)| *id).collect::<Int64Array>()),
        Arc::new(rows.iter().map(|(_, name)| *name).collect::<StringArray>()),
        Arc::new(TimestampNanosecondArray::from_value(0, rows.len())),
    ];
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

async fn written(layout: Layout, format: serde_json::Value) -> Vec<String> {
    let batches = [batch(&[(1, Some("one")), (2, None)]), batch(&[(30_000, Some("thirty thousand"))])];
    let writes = Arc::new(Mutex::new(Vec::new()));
    let config = SinkConfig { table: "out".into(), options: json!(null), format, schema: batches[0].schema() };
    let write: WriteAll = Arc::new({
        let writes = writes.clone();
        move |bytes: &[u8]| {
            writes.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(())
        }
    });
    let mut sink = StdoutSink::new(StdoutOptions { layout }, config, write).unwrap();
    let TestContext { mut ctx, .. } = context(sink.tables(), &Globals::new(), 0, 1);
    sink.open(&mut ctx).await.unwrap();
    for batch in batches {
        sink.write(batch, &mut ctx).await.unwrap();
    }
    let writes = writes.lock().unwrap();
    writes.clone()
}

#[tokio::test]
async fn a_batch_is_one_write_of_json_lines() {
    let lines = written(Layout::Records, json!(null)).await;
    assert_eq!(
        lines,
        ["{\"id\":1,\"name\":\"one\"}\n{\"id\":2,\"name\":null}\n", "{\"id\":30000,\"name\":\"thirty thousand\"}\n",]
    );
}

#[tokio::test]
async fn csv_has_its_header_first() {
    let format = json!({"format": {"type": "csv"}});
    let lines = written(Layout::Records, format).await.concat();
    insta::assert_snapshot!(lines, @r"
    id,name
    1,one
    2,
    30000,thirty thousand
    ");
}

#[tokio::test]
async fn a_table_is_aligned_under_one_header() {
    let text = written(Layout::Table, json!(null)).await.concat();
    insta::assert_snapshot!(text, @r"
    id  name
    ──  ────
     1  one
     2  NULL
    30000  thirty thousand
    ");
}

#[test]
fn a_row_of_a_table_is_one_line() {
    let mut table = TableWriter::new(&batch(&[]).schema());
    let mut out = Vec::new();
    table.write(&batch(&[(1, Some("a\nb\tü")), (2, Some("\u{1b}[2J"))]), &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap().lines().skip(2).map(str::trim_start).collect::<Vec<_>>(),
        ["1  a\\nb\\tü", "2  \\u{1b}[2J"]
    );
}

#[tokio::test]
async fn a_reader_that_is_gone_ends_quietly() {
    let config =
        SinkConfig { table: "out".into(), options: json!(null), format: json!(null), schema: batch(&[]).schema() };
    let write: WriteAll = Arc::new(|_| Err(io::ErrorKind::BrokenPipe.into()));
    let mut sink = StdoutSink::new(StdoutOptions { layout: Layout::Records }, config, write).unwrap();
    let TestContext { mut ctx, .. } = context(Vec::new(), &Globals::new(), 0, 1);
    let error = sink.write(batch(&[(1, None)]), &mut ctx).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutputClosed);
}

#[test]
fn on_a_terminal_rows_take_the_place_of_a_live_line() {
    let written = |is_terminal| {
        let mut out = Vec::new();
        write_rows(&mut out, b"{}\n", is_terminal).unwrap();
        out
    };
    assert_eq!(written(false), b"{}\n");
    assert_eq!(written(true), b"\r\x1b[2K{}\n");
}

#[test]
fn options_are_checked() {
    let validate = |pairs: &[(&str, &str)], format: Option<&str>| {
        let options = pairs.iter().map(|(key, value)| (key.to_string(), OptionValue::Text(value.to_string())));
        let (name, format) = ("out".to_string(), format.map(str::to_string));
        let request = TableRequest { name, options: options.collect(), role: None, columns: None, format };
        crate::stdout::Stdout.validate(&request)
    };
    let table = validate(&[("layout", "table")], None).unwrap();
    assert_eq!((table.needs_format, table.max_sink_parallelism), (false, Some(1)));
    let json = validate(&[], Some("json")).unwrap();
    assert_eq!((json.needs_format, json.max_sink_parallelism), (true, None));
    assert_eq!(validate(&[], Some("csv")).unwrap().max_sink_parallelism, Some(1));
    assert!(validate(&[("layout", "tree")], None).unwrap_err()[0].message.contains("tree"));
}
