use std::path::Path;

use arrow::array::{ArrayRef, AsArray, Int64Array};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use arroyo_formats::{BadData, CsvFormat, Format, FormatOptions, JsonFormat, ParquetFormat};
use arroyo_operator::{Connector, Role};
use arroyo_types::ErrorKind;
use parquet::arrow::ArrowWriter;

use super::*;
use crate::conformance::{Globals, options};
use crate::filesystem::FileSystem;
use crate::test_context::{TestContext, context};

fn json() -> FormatOptions {
    FormatOptions::new(Format::Json(JsonFormat::default()))
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("id", DataType::Int64, true), Field::new("name", DataType::Utf8, true)]))
}

fn config(path: &Path, format: &FormatOptions, more: &[(&str, &str)]) -> LookupConfig {
    let path = path.display().to_string();
    let written: Vec<(&str, &str)> = [("path", path.as_str())].into_iter().chain(more.iter().copied()).collect();
    LookupConfig {
        table: "people".to_string(),
        options: options(&FileSystem, Role::Lookup, &written),
        format: format.to_json().unwrap(),
        schema: schema(),
        key: vec![0],
        metadata: Vec::new(),
        ttl: Some(Duration::from_secs(60)),
    }
}

/// A table and what it runs in.
struct Asked {
    table: Arc<dyn Lookup>,
    test: TestContext,
}

impl Asked {
    fn new(config: LookupConfig) -> Self {
        Self { table: FileSystem.lookup(config).unwrap(), test: context(Vec::new(), &Globals::new(), 0, 1) }
    }

    fn at(path: &Path, format: &FormatOptions) -> Self {
        Self::new(config(path, format, &[]))
    }

    async fn open(&self) -> Result<(), OperatorError> {
        self.table.open(&LookupContext::of(&self.test.ctx)).await
    }

    /// The names of keys that have a row.
    async fn names(&self, keys: &[i64]) -> Vec<String> {
        let column: ArrayRef = Arc::new(Int64Array::from(keys.to_vec()));
        let asked = RecordBatch::try_from_iter([("id", column)]).unwrap();
        let answer = self.table.lookup(&asked, &LookupContext::of(&self.test.ctx)).await.unwrap();
        let (ids, names) = (answer.rows.column(0), answer.rows.column(1));
        let rows = answer.keys.values().iter().enumerate().map(|(row, key)| {
            assert_eq!(ids.as_primitive::<Int64Type>().value(row), keys[*key as usize], "the row of another key");
            format!("{}={}", keys[*key as usize], names.as_string::<i32>().value(row))
        });
        rows.collect()
    }

    fn wait(&self, seconds: i64) {
        self.test.clock.advance_nanos(seconds * 1_000_000_000);
    }
}

#[tokio::test]
async fn rows_are_found_by_their_key() {
    let dir = tempfile::tempdir().unwrap();
    let csv = dir.path().join("people.csv");
    std::fs::write(&csv, "name,id\nann,1\nbob,2\n").unwrap();
    let asked = Asked::at(&csv, &FormatOptions::new(Format::Csv(CsvFormat::default())));
    asked.open().await.unwrap();
    assert_eq!(asked.names(&[7, 2, 1]).await, ["2=bob", "1=ann"]);
    assert!(asked.table.is_in_memory() && !asked.table.has_many_rows_per_key());

    let parquet = dir.path().join("people.parquet");
    let columns: Vec<ArrayRef> =
        vec![Arc::new(Int64Array::from(vec![5])), Arc::new(arrow::array::StringArray::from(vec!["eve"]))];
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&parquet).unwrap(), schema(), None).unwrap();
    writer.write(&RecordBatch::try_new(schema(), columns).unwrap()).unwrap();
    writer.close().unwrap();
    let asked = Asked::at(&parquet, &FormatOptions::new(Format::Parquet(ParquetFormat::default())));
    assert_eq!(asked.names(&[5, 6]).await, ["5=eve"]);
}

#[tokio::test]
async fn of_several_rows_of_a_key_the_last_counts() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("b.json"), "{\"id\":2,\"name\":\"later\"}\n{\"id\":null,\"name\":\"none\"}\n")
        .unwrap();
    std::fs::write(
        dir.path().join("a.json"),
        "{\"id\":1,\"name\":\"x\"}\n{\"id\":2,\"name\":\"y\"}\n{\"id\":1,\"name\":\"z\"}\n",
    )
    .unwrap();
    let asked = Asked::at(dir.path(), &json());
    assert_eq!(asked.names(&[1, 2]).await, ["1=z", "2=later"]);
}

#[tokio::test]
async fn files_are_read_again_when_they_changed_and_it_is_time() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.json"), "{\"id\":1,\"name\":\"ann\"}\n").unwrap();
    let asked = Asked::at(dir.path(), &json());
    assert_eq!(asked.names(&[1, 2]).await, ["1=ann"]);
    std::fs::write(dir.path().join("b.json"), "{\"id\":2,\"name\":\"bob\"}\n").unwrap();
    asked.wait(59);
    assert_eq!(asked.names(&[1, 2]).await, ["1=ann"], "it is not time");
    asked.wait(1);
    assert_eq!(asked.names(&[1, 2]).await, ["1=ann", "2=bob"]);
    std::fs::remove_file(dir.path().join("a.json")).unwrap();
    asked.wait(60);
    assert_eq!(asked.names(&[1, 2]).await, ["2=bob"]);
}

#[tokio::test]
async fn objects_are_read_again_when_they_changed() {
    let storage = arroyo_storage::Storage::open("memory://lookup-table/in").unwrap();
    let put = async |text: &'static str| storage.put("a.json", text.into()).await.map(drop).unwrap();
    put("{\"id\":1,\"name\":\"ann\"}\n").await;
    let asked = Asked::at(Path::new("memory://lookup-table/in"), &json());
    asked.open().await.unwrap();
    assert_eq!(asked.names(&[1]).await, ["1=ann"]);
    put("{\"id\":1,\"name\":\"eve\"}\n").await;
    asked.wait(60);
    assert_eq!(asked.names(&[1]).await, ["1=eve"]);
}

#[tokio::test]
async fn rows_stay_when_files_cannot_be_read_any_more() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.json");
    std::fs::write(&file, "{\"id\":1,\"name\":\"ann\"}\n").unwrap();
    let mut asked = Asked::at(dir.path(), &json());
    asked.open().await.unwrap();
    std::fs::write(&file, "{\"id\":1,\"name\":").unwrap();
    asked.wait(60);
    assert_eq!(asked.names(&[1]).await, ["1=ann"]);
    let report = asked.test.errors.try_recv().unwrap();
    assert_eq!(
        report.message,
        "the files of the lookup table `people` changed and cannot be read; its rows are those from before"
    );
    assert!(report.details.contains("a.json"), "{report:?}");
    std::fs::write(&file, "{\"id\":1,\"name\":\"eve\"}\n").unwrap();
    asked.wait(60);
    assert_eq!(asked.names(&[1]).await, ["1=eve"]);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_said_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("nothing.json");
    let error = Asked::at(&missing, &json()).open().await.unwrap_err();
    assert_eq!(error.message, format!("there is no file or directory `{}`", missing.display()));
    assert_eq!(error.kind, ErrorKind::User);
    std::fs::write(dir.path().join("a.json"), "{\"id\":1,\"name\":\"ann\"}\n{\"id\":\"one\"}\n").unwrap();
    let error = Asked::at(dir.path(), &json()).open().await.unwrap_err();
    assert!(error.message.contains("a.json`, line 2"), "{error}");
    let mut format = json();
    format.bad_data = BadData::Drop;
    let mut asked = Asked::at(dir.path(), &format);
    assert_eq!(asked.names(&[1]).await, ["1=ann"]);
    assert!(asked.test.errors.try_recv().unwrap().message.starts_with("Dropping invalid data (1)"));
    assert_eq!(asked.test.ctx.counters.bad_records.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_table_that_is_too_large_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let rows: String = (0..2000).map(|id| format!("{{\"id\":{id},\"name\":\"somebody\"}}\n")).collect();
    std::fs::write(dir.path().join("a.json"), rows).unwrap();
    let asked = Asked::new(config(dir.path(), &json(), &[("lookup.max_bytes", "64KB")]));
    let error = asked.open().await.unwrap_err();
    assert!(error.message.starts_with("the rows of the lookup table `people` in `"), "{error}");
    assert!(error.message.ends_with("take more than 65536 bytes of memory"), "{error}");
    assert!(error.hint.unwrap().contains("lookup.max_bytes"));
    Asked::new(config(dir.path(), &json(), &[("lookup.max_bytes", "1MB")])).open().await.unwrap();
}
