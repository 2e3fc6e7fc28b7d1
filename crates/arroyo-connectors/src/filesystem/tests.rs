mod objects;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use arroyo_formats::{CsvFormat, Format, FormatOptions, JsonFormat, ParquetFormat};
use arroyo_types::ErrorKind;
use parquet::arrow::ArrowWriter;

use super::*;
use crate::conformance::{
    Globals, assert_resumes_everywhere, greater_than, options, read_to_end, source_config, stream_schema,
};

fn json() -> FormatOptions {
    FormatOptions::new(Format::Json(JsonFormat::default()))
}

fn parquet() -> FormatOptions {
    FormatOptions::new(Format::Parquet(ParquetFormat::default()))
}

fn config(path: &Path, format: &FormatOptions, columns: Vec<Field>) -> SourceConfig {
    let options = options(&FileSystem, Role::Source, &[("path", &path.display().to_string())]);
    source_config(options, format, stream_schema(columns))
}

fn n() -> Field {
    Field::new("n", DataType::Int64, false)
}

fn source_at(path: &Path, format: &FormatOptions) -> Box<dyn Source> {
    FileSystem.source(config(path, format, vec![n()])).unwrap()
}

fn numbers(batches: &[(RecordBatch, Globals)]) -> Vec<i64> {
    batches.iter().flat_map(|(batch, _)| batch.column(0).as_primitive::<Int64Type>().values().to_vec()).collect()
}

async fn read(path: &Path, format: &FormatOptions) -> Result<Vec<i64>, OperatorError> {
    Ok(numbers(&read_to_end(source_at(path, format), &Globals::new(), 0, 1).await?))
}

fn write_parquet(path: &Path) {
    let schema =
        Arc::new(Schema::new(vec![Field::new("other", DataType::Utf8, true), Field::new("n", DataType::Int32, false)]));
    let columns: Vec<ArrayRef> =
        vec![Arc::new(StringArray::from(vec!["a", "b", "c"])), Arc::new(Int32Array::from(vec![1, 2, 3]))];
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), schema.clone(), None).unwrap();
    writer.write(&RecordBatch::try_new(schema, columns).unwrap()).unwrap();
    writer.close().unwrap();
}

#[tokio::test]
async fn files_are_read_in_order_of_their_names_whatever_their_compression() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("b.json"), "{\"n\":3}\n").unwrap();
    let mut gzip = flate2::write::GzEncoder::new(
        File::create(dir.path().join("a.json.gz")).unwrap(),
        flate2::Compression::default(),
    );
    gzip.write_all(b"{\"n\":1}\n{\"n\":2}").unwrap();
    gzip.finish().unwrap();
    std::fs::write(dir.path().join("c.json.zst"), zstd::encode_all(b"{\"n\":4}\n".as_slice(), 0).unwrap()).unwrap();
    std::fs::write(dir.path().join("d.json"), "").unwrap();
    assert_eq!(read(dir.path(), &json()).await, Ok(vec![1, 2, 3, 4]));
    assert_resumes_everywhere(|| source_at(dir.path(), &json())).await;
}

#[tokio::test]
async fn csv_and_parquet_resume_everywhere() {
    let dir = tempfile::tempdir().unwrap();
    let tables = dir.path().join("tables");
    std::fs::create_dir(&tables).unwrap();
    std::fs::write(tables.join("1.csv"), "n,x\n1,a\n2,b\n").unwrap();
    std::fs::write(tables.join("2.csv"), "x,n\nc,3\n").unwrap();
    let csv = FormatOptions::new(Format::Csv(CsvFormat::default()));
    assert_eq!(read(&tables, &csv).await, Ok(vec![1, 2, 3]));
    assert_resumes_everywhere(|| source_at(&tables, &csv)).await;
    let files = dir.path().join("files");
    std::fs::create_dir(&files).unwrap();
    write_parquet(&files.join("1.parquet"));
    write_parquet(&files.join("2.parquet"));
    assert_eq!(read(&files, &parquet()).await, Ok(vec![1, 2, 3, 1, 2, 3]));
    assert_resumes_everywhere(|| source_at(&files, &parquet())).await;
}

#[tokio::test]
async fn a_filter_leaves_positions_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let json_files = dir.path().join("json");
    std::fs::create_dir(&json_files).unwrap();
    std::fs::write(json_files.join("1.json"), "{\"n\":3}\n\n{\"n\":1}\n{\"n\":4}\n{\"n\":2}\n{\"n\":0}\n").unwrap();
    std::fs::write(json_files.join("2.json"), "{\"n\":1}\n{\"n\":5}\n{\"n\":6}").unwrap();
    let parquet_files = dir.path().join("parquet");
    std::fs::create_dir(&parquet_files).unwrap();
    write_parquet(&parquet_files.join("1.parquet"));
    write_parquet(&parquet_files.join("2.parquet"));
    for (path, format, limit, expected) in [
        (&json_files, json(), 2, vec![3, 4, 5, 6]),
        (&json_files, json(), 5, vec![6]),
        (&parquet_files, parquet(), 1, vec![2, 3, 2, 3]),
        (&parquet_files, parquet(), 2, vec![3, 3]),
    ] {
        let filtered = |batch_size| {
            let config =
                SourceConfig { filter: greater_than("n", limit), batch_size, ..config(path, &format, vec![n()]) };
            FileSystem.source(config).unwrap()
        };
        for batch_size in [1, 2, 512] {
            let rows = read_to_end(filtered(batch_size), &Globals::new(), 0, 1).await.unwrap();
            assert_eq!(numbers(&rows), expected, "{} > {limit} by {batch_size}", path.display());
            assert_resumes_everywhere(|| filtered(batch_size)).await;
        }
        // A position counts what was read: whoever resumes without the filter sees what comes after it, and no more.
        let stopped = read_to_end(filtered(1), &Globals::new(), 0, 1).await.unwrap();
        let all = read(path, &format).await.unwrap();
        let rest = read_to_end(source_at(path, &format), &stopped[0].1, 0, 1).await.unwrap();
        let taken = all.iter().position(|number| *number > limit).unwrap() + 1;
        assert_eq!(numbers(&rest), all[taken..]);
    }
    let nothing = SourceConfig { filter: greater_than("n", 9), ..config(&json_files, &json(), vec![n()]) };
    assert_eq!(read_to_end(FileSystem.source(nothing).unwrap(), &Globals::new(), 0, 1).await, Ok(Vec::new()));
}

#[tokio::test]
async fn parquet_files_without_a_column() {
    let dir = tempfile::tempdir().unwrap();
    write_parquet(&dir.path().join("a.parquet"));
    let missing =
        |nullable| FileSystem.source(config(dir.path(), &parquet(), vec![Field::new("m", DataType::Int64, nullable)]));
    let rows = read_to_end(missing(true).unwrap(), &Globals::new(), 0, 1).await.unwrap();
    assert_eq!(rows.iter().map(|(batch, _)| batch.column(0).null_count()).sum::<usize>(), 3);
    let error = read_to_end(missing(false).unwrap(), &Globals::new(), 0, 1).await.unwrap_err();
    assert!(error.message.ends_with("a.parquet` has no column `m`, which is NOT NULL"), "{error}");
    std::fs::write(dir.path().join("b.parquet"), "not parquet").unwrap();
    let error = read(dir.path(), &parquet()).await.unwrap_err();
    assert!(error.message.contains("b.parquet` cannot be read as a Parquet file"), "{error}");
}

#[tokio::test]
async fn nested_rows_and_the_name_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.json"), "{\"s\":{\"x\":[1,null]},\"big\":{}}\n{\"s\":null}\n").unwrap();
    let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
    let structure = DataType::Struct(vec![Field::new("x", list, true)].into());
    let columns = vec![Field::new("file", DataType::Utf8, false), Field::new("s", structure, true)];
    let mut config = config(dir.path(), &json(), columns);
    config.metadata = vec![("file".to_string(), "filename".to_string())];
    config.batch_size = 512;
    let rows = read_to_end(FileSystem.source(config).unwrap(), &Globals::new(), 0, 1).await.unwrap();
    let shown = arrow::util::pretty::pretty_format_batches(&[rows[0].0.clone()]).unwrap().to_string();
    insta::assert_snapshot!(shown, @r"
    +--------+------------+---------------------+
    | file   | s          | _timestamp          |
    +--------+------------+---------------------+
    | a.json | {x: [1, ]} | 2023-11-14T22:13:20 |
    | a.json |            | 2023-11-14T22:13:20 |
    +--------+------------+---------------------+
    ");
}

#[tokio::test]
async fn every_parallelism_reads_each_file_once_also_after_rescaling() {
    let dir = tempfile::tempdir().unwrap();
    for file in 0..20 {
        let lines: String = (0..3).map(|line| format!("{{\"n\":{}}}\n", file * 3 + line)).collect();
        std::fs::write(dir.path().join(format!("{file}.json")), lines).unwrap();
    }
    // Two subtasks stop after some batches each; three go on.
    let mut seen = Vec::new();
    let mut state = Globals::from([("a".to_string(), Default::default())]);
    for (subtask, count) in [(0, 5), (1, 8)] {
        let batches = read_to_end(source_at(dir.path(), &json()), &Globals::new(), subtask, 2).await.unwrap();
        let stopped = &batches[..count];
        seen.extend(numbers(stopped));
        for (table, rows) in stopped.last().unwrap().1.clone() {
            state.entry(table).or_default().extend(rows);
        }
    }
    for subtask in 0..3 {
        seen.extend(numbers(&read_to_end(source_at(dir.path(), &json()), &state, subtask, 3).await.unwrap()));
    }
    assert_eq!(seen.len(), 60);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), (0..60).collect::<BTreeSet<_>>());
}

#[tokio::test]
async fn faults_name_the_place() {
    let error = read(Path::new("/no/such/directory"), &json()).await.unwrap_err();
    assert_eq!(error.message, "there is no file or directory `/no/such/directory`");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.json");
    std::fs::write(&path, "{\"n\":1}\n{\"n\":2}\n").unwrap();
    let batches = read_to_end(source_at(dir.path(), &json()), &Globals::new(), 0, 1).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    let error = read_to_end(source_at(dir.path(), &json()), &batches[0].1, 0, 1).await.unwrap_err();
    assert!(error.message.starts_with("the file `a.json` in `"), "{error}");
    std::fs::write(&path, "{}").unwrap();
    let error = read_to_end(source_at(dir.path(), &json()), &batches[0].1, 0, 1).await.unwrap_err();
    assert!(error.message.contains("is shorter than the 8 bytes that were read of it"), "{error}");
    for name in ["b.json.gz", "b.json.zst"] {
        std::fs::write(dir.path().join(name), "not compressed").unwrap();
        let error = read(&dir.path().join(name), &json()).await.unwrap_err();
        assert!(error.message.contains(&format!("{name}` cannot be read")), "{error}");
        assert_eq!(error.kind, ErrorKind::User, "trying again does not help");
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
}
