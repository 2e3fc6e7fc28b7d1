use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::array::{Int64Array, TimestampNanosecondArray};
use arrow::datatypes::{DataType, Field};
use arroyo_formats::{BadData, CsvFormat, Format, FormatOptions, JsonFormat};
use arroyo_operator::{OptionValue, SourceEvent};
use arroyo_types::Epoch;

use super::*;
use crate::conformance::{
    Globals, TestContext, all_rows, assert_resumes_everywhere, context, globals, greater_than, options, read_to_end,
    sink_config, source_config, stream_schema,
};

fn json() -> FormatOptions {
    FormatOptions::new(Format::Json(JsonFormat::default()))
}

fn csv() -> FormatOptions {
    FormatOptions::new(Format::Csv(CsvFormat::default()))
}

fn source_at(path: &Path, format: &FormatOptions) -> Box<dyn Source> {
    let options = options(&SingleFile, Role::Source, &[("path", &path.display().to_string())]);
    let schema = stream_schema(vec![Field::new("n", DataType::Int64, false)]);
    SingleFile.source(source_config(options, format, schema)).unwrap()
}

fn sink_at(path: &Path, format: &FormatOptions) -> Box<dyn Sink> {
    let options = options(&SingleFile, Role::Sink, &[("path", &path.display().to_string())]);
    let schema = stream_schema(vec![Field::new("n", DataType::Int64, false)]);
    SingleFile.sink(sink_config(options, format, schema)).unwrap()
}

fn numbers(values: &[i64]) -> RecordBatch {
    let times = TimestampNanosecondArray::from_value(0, values.len());
    let schema = stream_schema(vec![Field::new("n", DataType::Int64, false)]);
    RecordBatch::try_new(schema, vec![Arc::new(Int64Array::from(values.to_vec())), Arc::new(times)]).unwrap()
}

#[tokio::test]
async fn resumes_at_every_record_boundary() {
    let dir = tempfile::tempdir().unwrap();
    let lines = dir.path().join("lines.json");
    std::fs::write(&lines, "{\"n\":1}\n\n{\"n\":2, \"x\":[1]}\r\n{\"n\":3}").unwrap();
    assert_resumes_everywhere(|| source_at(&lines, &json())).await;
    let table = dir.path().join("table.csv");
    std::fs::write(&table, "text,n\n\"two\nlines\",1\na,2\nb,3\n").unwrap();
    assert_resumes_everywhere(|| source_at(&table, &csv())).await;
}

#[tokio::test]
async fn a_broken_record_is_named_with_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.json");
    std::fs::write(&path, "{\"n\":1}\n\n{\"n\":\"x\"}\n{\"n\":3}\n").unwrap();
    let error = read_to_end(source_at(&path, &json()), &Globals::new(), 0, 1).await.unwrap_err();
    assert_eq!(
        error.message,
        format!(
            "`{}`, line 3: column `n`: expected a BIGINT, found the text `x`; the record is `{{\"n\":\"x\"}}`",
            path.display()
        )
    );
    assert!(error.hint.is_some());
}

#[tokio::test]
async fn dropped_records_are_counted_and_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.json");
    std::fs::write(&path, "nope\n{\"n\":1}\n{\"n\":null}\n{\"n\":3}\n{}\n").unwrap();
    let mut source = source_at(&path, &FormatOptions { bad_data: BadData::Drop, ..json() });
    let TestContext { mut ctx, mut errors, .. } = context(source.tables(), &Globals::new(), 0, 1);
    source.open(&mut ctx).await.unwrap();
    let mut rows = 0;
    while let SourceEvent::Batch(batch) = source.next(&mut ctx).await.unwrap() {
        rows += batch.num_rows();
    }
    assert_eq!(rows, 2);
    assert_eq!(ctx.counters.bad_records.load(std::sync::atomic::Ordering::Relaxed), 3);
    let report = errors.try_recv().unwrap();
    assert!(report.message.starts_with("Dropping invalid data (1): `"), "{}", report.message);
    assert_eq!(report.details, "nope");
    assert_eq!(errors.try_recv().unwrap().message, "Dropping invalid data (2)");
}

#[tokio::test]
async fn a_missing_file_is_named() {
    let error = read_to_end(source_at(Path::new("no/such.json"), &json()), &Globals::new(), 0, 1).await.unwrap_err();
    assert_eq!(error.message, "there is no file `no/such.json`");
    assert_eq!(error.kind, arroyo_types::ErrorKind::User);
}

/// The rows of the file at `path`, one per control message.
fn controlled_source(path: &Path, filter: serde_json::Value) -> Box<dyn Source> {
    let request = TableRequest {
        name: "t".to_string(),
        options: [
            ("path".to_string(), OptionValue::Text(path.display().to_string())),
            ("wait_for_control".to_string(), OptionValue::Bool(true)),
        ]
        .into(),
        role: Some(Role::Source),
        columns: None,
        format: Some("json".to_string()),
    };
    let table = SingleFile.validate(&request).unwrap();
    let schema = stream_schema(vec![Field::new("n", DataType::Int64, false)]);
    SingleFile.source(SourceConfig { filter, ..source_config(table.json, &json(), schema) }).unwrap()
}

#[tokio::test]
async fn a_row_that_the_filter_drops_waits_for_control_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lines.json");
    std::fs::write(&path, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n").unwrap();
    let mut source = controlled_source(&path, greater_than("n", 2));
    let TestContext { mut ctx, .. } = context(source.tables(), &Globals::new(), 0, 1);
    source.open(&mut ctx).await.unwrap();
    let mut positions: Vec<String> = Vec::new();
    while positions.len() < 2 {
        tokio::select! {
            biased;
            event = source.next(&mut ctx) => panic!("{event:?}"),
            () = tokio::task::yield_now() => {}
        }
        source.checkpoint(&mut ctx).unwrap();
        let position = ctx.state.global("f").next().map(|(_, value)| String::from_utf8(value.to_vec()).unwrap());
        positions.extend(position.filter(|position| positions.last() != Some(position)));
    }
    assert_eq!(positions, [r#"{"at":{"bytes":8,"records":1}}"#, r#"{"at":{"bytes":16,"records":2}}"#]);
    let SourceEvent::Batch(batch) = source.next(&mut ctx).await.unwrap() else { panic!("no row") };
    assert_eq!(batch.column(0).as_ref(), &Int64Array::from(vec![3]));
}

#[tokio::test]
async fn one_row_per_control_message() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lines.json");
    std::fs::write(&path, "{\"n\":1}\n{\"n\":2}\n").unwrap();
    let mut source = controlled_source(&path, serde_json::Value::Null);
    let TestContext { mut ctx, .. } = context(source.tables(), &Globals::new(), 0, 1);
    source.open(&mut ctx).await.unwrap();
    for expected in [1, 2] {
        let SourceEvent::Batch(batch) = source.next(&mut ctx).await.unwrap() else { panic!("no row") };
        assert_eq!(batch.column(0).as_ref(), &Int64Array::from(vec![expected]));
        let waiting = futures::FutureExt::now_or_never(source.next(&mut ctx));
        assert!(waiting.is_none(), "the next row waits");
    }
    assert_eq!(source.next(&mut ctx).await.unwrap(), SourceEvent::End);
}

#[tokio::test]
async fn the_sink_cuts_off_what_came_after_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/er/out.json");
    let mut sink = sink_at(&path, &json());
    let TestContext { mut ctx, .. } = context(sink.tables(), &Globals::new(), 0, 1);
    sink.open(&mut ctx).await.unwrap();
    sink.write(numbers(&[1, 2]), &mut ctx).await.unwrap();
    sink.pre_commit(Epoch(1), &mut ctx).await.unwrap();
    let checkpoint = globals(&sink.tables(), &ctx);
    sink.write(numbers(&[3]), &mut ctx).await.unwrap();
    sink.flush(&mut ctx).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
    drop(sink);

    let mut sink = sink_at(&path, &json());
    let TestContext { mut ctx, .. } = context(sink.tables(), &checkpoint, 0, 1);
    sink.open(&mut ctx).await.unwrap();
    sink.write(numbers(&[4]), &mut ctx).await.unwrap();
    sink.close(&mut ctx).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"n\":1}\n{\"n\":2}\n{\"n\":4}\n");

    std::fs::write(&path, "").unwrap();
    let mut sink = sink_at(&path, &json());
    let TestContext { mut ctx, .. } = context(sink.tables(), &checkpoint, 0, 1);
    let error = sink.open(&mut ctx).await.unwrap_err();
    assert!(error.message.ends_with("has 0 bytes, and the checkpoint wrote 16: it was changed or replaced"), "{error}");
}

/// A worker that was taken for dead and lives has the file open, with rows that it has not written yet.
#[tokio::test]
async fn what_a_replaced_sink_writes_is_not_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.json");
    // The second time over a file that is there.
    for epoch in [1, 2] {
        let mut old = sink_at(&path, &json());
        let TestContext { ctx: mut old_ctx, .. } = context(old.tables(), &Globals::new(), 0, 1);
        old.open(&mut old_ctx).await.unwrap();
        old.write(numbers(&[1, 2]), &mut old_ctx).await.unwrap();
        old.pre_commit(Epoch(epoch), &mut old_ctx).await.unwrap();
        let published = globals(&old.tables(), &old_ctx);
        old.write(numbers(&[77]), &mut old_ctx).await.unwrap();
        old.flush(&mut old_ctx).await.unwrap();
        old.write(numbers(&[78, 79]), &mut old_ctx).await.unwrap();

        let mut new = sink_at(&path, &json());
        let TestContext { ctx: mut new_ctx, .. } = context(new.tables(), &published, 0, 1);
        new.open(&mut new_ctx).await.unwrap();
        new.write(numbers(&[3]), &mut new_ctx).await.unwrap();
        new.flush(&mut new_ctx).await.unwrap();
        old.flush(&mut old_ctx).await.unwrap();
        old.write(numbers(&[80]), &mut old_ctx).await.unwrap();
        new.write(numbers(&[4]), &mut new_ctx).await.unwrap();
        new.close(&mut new_ctx).await.unwrap();
        old.close(&mut old_ctx).await.unwrap();
        let rows = "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), rows);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing else is left");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_behind_a_link_is_written_and_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (target, link) = (dir.path().join("target.json"), dir.path().join("link.json"));
    std::fs::write(&target, "old").unwrap();
    std::fs::set_permissions(&target, PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let mut sink = sink_at(&link, &json());
    let TestContext { mut ctx, .. } = context(sink.tables(), &Globals::new(), 0, 1);
    sink.open(&mut ctx).await.unwrap();
    sink.write(numbers(&[1]), &mut ctx).await.unwrap();
    sink.close(&mut ctx).await.unwrap();
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "{\"n\":1}\n");
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
}

/// Where a run of [`run_sink`] is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    AfterWrite(i64),
    AfterFlush(i64),
    BeforeManifest(i64),
    AfterManifest(i64),
    Never,
}

/// Writes three rows per epoch from the one after `published`, a checkpoint after each, until it is killed.
async fn run_sink(path: &Path, format: &FormatOptions, published: &mut (i64, Globals), kill: Kill) {
    let mut sink = sink_at(path, format);
    let TestContext { mut ctx, .. } = context(sink.tables(), &published.1, 0, 1);
    sink.open(&mut ctx).await.unwrap();
    for epoch in published.0 + 1..=3 {
        sink.write(numbers(&[epoch * 10, epoch * 10 + 1, epoch * 10 + 2]), &mut ctx).await.unwrap();
        if kill == Kill::AfterWrite(epoch) {
            return;
        }
        sink.flush(&mut ctx).await.unwrap();
        if kill == Kill::AfterFlush(epoch) {
            return;
        }
        sink.pre_commit(Epoch(epoch.unsigned_abs()), &mut ctx).await.unwrap();
        let state = globals(&sink.tables(), &ctx);
        if kill == Kill::BeforeManifest(epoch) {
            return;
        }
        *published = (epoch, state);
        if kill == Kill::AfterManifest(epoch) {
            return;
        }
    }
    sink.close(&mut ctx).await.unwrap();
}

#[tokio::test]
async fn killed_anywhere_the_file_is_that_of_an_undisturbed_run() {
    for (format, header) in [(json(), ""), (csv(), "n\n")] {
        let line = |n: i64| if header.is_empty() { format!("{{\"n\":{n}}}\n") } else { format!("{n}\n") };
        let rows: String = (1..=3).flat_map(|epoch| (0..3).map(move |n| epoch * 10 + n)).map(line).collect();
        let expected = format!("{header}{rows}");
        for epoch in 1..=3 {
            let kills = [Kill::AfterWrite, Kill::AfterFlush, Kill::BeforeManifest, Kill::AfterManifest];
            for kill in kills.map(|kill| kill(epoch)) {
                let dir = tempfile::tempdir().unwrap();
                let path = dir.path().join("out");
                let mut published = (0, Globals::new());
                run_sink(&path, &format, &mut published, kill).await;
                // Once more at the same place, on the way back.
                let again = Kill::BeforeManifest(published.0 + 1);
                run_sink(&path, &format, &mut published, again).await;
                run_sink(&path, &format, &mut published, Kill::Never).await;
                assert_eq!(std::fs::read_to_string(&path).unwrap(), expected, "{kill:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_fresh_sink_replaces_the_file_and_its_rows_can_be_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.csv");
    std::fs::write(&path, "old content that is longer than what follows").unwrap();
    let mut sink = sink_at(&path, &csv());
    let TestContext { mut ctx, .. } = context(sink.tables(), &Globals::new(), 0, 1);
    sink.open(&mut ctx).await.unwrap();
    sink.write(numbers(&[1, 2]), &mut ctx).await.unwrap();
    sink.close(&mut ctx).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "n\n1\n2\n");
    let rows = read_to_end(source_at(&path, &csv()), &Globals::new(), 0, 1).await.unwrap();
    assert_eq!(all_rows(&rows).unwrap().column(0), numbers(&[1, 2]).column(0));
}

#[test]
fn faults_of_options() {
    let request = TableRequest {
        name: "t".to_string(),
        options: [("pat".to_string(), OptionValue::Text("x".to_string()))].into(),
        role: None,
        columns: None,
        format: None,
    };
    let errors = SingleFile.validate(&request).unwrap_err();
    let shown: Vec<_> = errors.iter().map(|error| (error.message.as_str(), error.help.as_deref())).collect();
    assert_eq!(
        shown,
        [
            ("unknown option `pat`", Some("did you mean `path`?")),
            ("the option `path` is missing", Some("add `path = '…'` to the WITH clause")),
        ]
    );
}
